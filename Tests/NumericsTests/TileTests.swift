import Numerics
import Testing

/// BLAS in tiles against sums in float64.
@Suite struct TileTests {
  private func random(_ count: Int, key: Int) -> [Float] {
    var stream = RandomNumbers(seed: 12, purpose: .test).stream(key)
    return (0..<count).map { _ in Float(stream.normal()) }
  }

  private func expectClose(_ found: [Float], _ expected: (Int) -> Double, terms: Int, _ name: String) {
    let tolerance = 1e-6 * Double(terms + 8)
    #expect(found.indices.allSatisfy { abs(Double(found[$0]) - expected($0)) <= tolerance }, "\(name)")
  }

  @Test(arguments: [1, 3, 4, 7, 8, 12, 15, 31], [16, 32, 48, 80])
  func outerProduct(m: Int, n: Int) {
    for rows in [1, 2, 5, 8, 67] {
      let stride = m + 2, a = random(rows * stride, key: m), b = random(rows * n, key: n)
      var c = [Float](repeating: .nan, count: m * n)
      Tile.outerProduct(a, stride: stride, m: m, b, n: n, rows: rows, into: &c)
      expectClose(
        c, { i in (0..<rows).reduce(0) { $0 + Double(a[$1 * stride + i / n]) * Double(b[$1 * n + i % n]) } },
        terms: rows, "\(m) x \(n) over \(rows)")
    }
  }

  @Test(arguments: [8, 32, 40], [16, 32, 48, 128])
  func multiply(rows: Int, side: Int) {
    let a = random(rows * side, key: rows), b = random(side * side, key: side)
    var c = [Float](repeating: .nan, count: rows * side), packed = [Float](repeating: .nan, count: side * side)
    Tile.multiply(a, rows: rows, b, side: side, packed: &packed, into: &c)
    expectClose(
      c, { i in (0..<side).reduce(0) { $0 + Double(a[i / side * side + $1]) * Double(b[$1 * side + i % side]) } },
      terms: side, "\(rows) x \(side)")
  }
}
