import MessagePassing
import Numerics
import Runs

/// What reduces pairs of samples, on one core: squared distances by ``PairTiles``, compared with sums in float64 first.
enum Pairs {
  static func measure() {
    say("pairs of samples       ns a pair   of which squares   largest relative error")
    for dimension in [2, 10, 50, 200, 784] {
      let a = points(2000, dimension, key: 1), b = points(20_000, dimension, key: 2), tiles = PairTiles(to: b)
      var error = 0.0, sum: Float = 0
      tiles.forEach(0..<50, of: a) { tile in
        for (i, row) in tile.rows.enumerated() {
          for (j, column) in tile.columns.enumerated() {
            error = max(error, abs(Double(tile.row(i)[j]) / square(a, row, b, column) - 1))
          }
        }
      }
      let squares = time { tiles.forEach(0..<a.rows, of: a) { sum += $0.squares[0] } } / Double(a.rows * b.rows)
      say("  \(dimension) dimensions: \(Float(squares * 1e9)), \(Float(error)) \(sum > 0)")
    }
  }

  private static func time(_ body: () -> Void) -> Double {
    var best = Double.infinity
    for _ in 0..<5 {
      let start = monotonicSeconds()
      body()
      best = min(best, monotonicSeconds() - start)
    }
    return best
  }

  private static func square(_ a: Matrix, _ i: Int, _ b: Matrix, _ j: Int) -> Double {
    (0..<a.columns).reduce(0) { sum, k in
      let difference = Double(a[i, k]) - Double(b[j, k])
      return sum + difference * difference
    }
  }

  private static func points(_ rows: Int, _ columns: Int, key: Int) -> Matrix {
    let matrix = Matrix(rows: rows, columns: columns)
    var stream = RandomNumbers(seed: 1, purpose: .test).stream(key)
    for i in 0..<matrix.count { matrix.elements[i] = Float(stream.normal()) }
    return matrix
  }

  private static func say(_ line: String) { StandardStream.output.write(line + "\n") }
}
