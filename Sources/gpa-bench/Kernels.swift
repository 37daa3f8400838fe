import MessagePassing
import Numerics
import Runs

/// BLAS of the shapes of a network's block, by tiles and by sgemm: each tile product is compared with sums in float64
/// first, then both are timed on one core.
enum Kernels {
  private static let rows = 256

  static func measure() {
    say("256 rows                    tiles, GFlop/s   sgemm   largest error")
    for side in [16, 32, 64, 128] {
      let a = numbers(rows * side), b = numbers(side * side), c = Matrix(rows: rows, columns: side)
      let packed = Matrix(rows: side, columns: side)
      report(
        "layer \(side) -> \(side)", operations: 2 * rows * side * side,
        tiles: {
          Tile.multiply(
            a.elements, rows: rows, b.elements, side: side, packed: packed.elements, into: c.elements)
        },
        sgemm: { BLAS.multiply(a.elements, b.elements, into: c.elements, m: rows, n: side, k: side) },
        error: {
          largestError(c, terms: side) { i, j, k in (a.elements[i * side + k], b.elements[k * side + j]) }
        })
    }
    for (m, n) in [(2, 32), (32, 32), (50, 64), (64, 64), (128, 128), (784, 128)] {
      let a = numbers(rows * m), b = numbers(rows * n), c = Matrix(rows: m, columns: n)
      report(
        "gradient \(m) x \(n)", operations: 2 * rows * m * n,
        tiles: {
          Tile.outerProduct(a.elements, stride: m, m: m, b.elements, n: n, rows: rows, into: c.elements)
        },
        sgemm: { BLAS.multiplyTransposed(a.elements, by: b.elements, into: c.elements, m: m, n: n, k: rows) },
        error: {
          largestError(c, terms: rows) { i, j, k in (a.elements[k * m + i], b.elements[k * n + j]) }
        })
    }
  }

  private static func numbers(_ count: Int) -> Matrix {
    let matrix = Matrix(rows: 1, columns: count)
    var stream = RandomNumbers(seed: 1, purpose: .test).stream(count)
    for i in 0..<count { matrix.elements[i] = Float(stream.normal()) }
    return matrix
  }

  private static func largestError(
    _ c: Matrix, terms: Int, _ factors: (_ i: Int, _ j: Int, _ k: Int) -> (Float, Float)
  ) -> Double {
    var largest = 0.0
    for i in 0..<c.rows {
      for j in 0..<c.columns {
        var sum = 0.0
        for k in 0..<terms {
          let (a, b) = factors(i, j, k)
          sum += Double(a) * Double(b)
        }
        largest = max(largest, abs(Double(c[i, j]) - sum))
      }
    }
    return largest
  }

  private static func report(
    _ name: String, operations: Int, tiles: () -> Void, sgemm: () -> Void, error: () -> Double
  ) {
    tiles()
    let difference = error(), rates = (rate(operations, tiles), rate(operations, sgemm))
    say(
      column(name, 28) + column("\(rates.0)", 17) + column("\(rates.1)", 8) + "\(Float(difference))")
  }

  /// GFlop/s of a call: the most of many, as whatever disturbs takes from it.
  private static func rate(_ operations: Int, _ body: () -> Void) -> Int {
    var best = Double.infinity
    for _ in 0..<50 {
      let start = monotonicSeconds()
      for _ in 0..<20 { body() }
      best = min(best, (monotonicSeconds() - start) / 20)
    }
    return Int(Double(operations) / best / 1e9)
  }

  private static func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 1))
  }

  private static func say(_ line: String) { StandardStream.output.write(line + "\n") }
}
