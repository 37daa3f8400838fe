import Numerics
import Testing

@Suite struct StiefelManifoldTests {
  static let shapes: [(Int, Int)] = [(5, 5), (32, 32), (2, 32), (33, 17), (1, 7), (7, 1), (784, 128), (54_675, 8)]

  private func random(_ count: Int, scale: Double, key: Int) -> [Double] {
    var stream = RandomNumbers(seed: 11, purpose: .test).stream(key)
    return (0..<count).map { _ in scale * stream.normal() }
  }

  /// The entries of W^T W - I in float64, W with its longer side downwards.
  private func departure(_ w: [Float], _ rows: Int, _ columns: Int) -> Double {
    let n = min(rows, columns), length = max(rows, columns)
    func entry(_ k: Int, _ i: Int) -> Double { Double(columns > rows ? w[i * columns + k] : w[k * columns + i]) }
    var sum = 0.0
    for i in 0..<n {
      for j in 0...i {
        let product = (0..<length).reduce(0) { $0 + entry($1, i) * entry($1, j) } - (i == j ? 1 : 0)
        sum += (i == j ? 1 : 2) * product * product
      }
    }
    return sum.squareRoot()
  }

  /// Small, large and far departures alike end on the manifold, and a matrix on it stays.
  @Test(arguments: shapes, [1e-4, 0.02, 1.0])
  func projection(shape: (rows: Int, columns: Int), step: Double) {
    let (rows, columns) = shape, manifold = StiefelManifold(shapes: [shape, (40, 40)])
    // Far above 1 for every width, so that the start is shrunk.
    var w = random(rows * columns, scale: 3, key: rows).map(Float.init)
    manifold.project(&w, rows: rows, columns: columns)
    #expect(departure(w, rows, columns) < 5e-6)
    let on = w
    for (i, change) in random(rows * columns, scale: step, key: columns + 1000).enumerated() { w[i] += Float(change) }
    manifold.project(&w, rows: rows, columns: columns)
    #expect(departure(w, rows, columns) < 5e-6)
    if step < 1e-3 { for i in w.indices { #expect(abs(w[i] - on[i]) < 1e-2) } }
  }

  /// What is left of a direction keeps W^T W = I to first order, and is left alone the second time.
  @Test(arguments: shapes)
  func tangent(shape: (rows: Int, columns: Int)) {
    let (rows, columns) = shape, manifold = StiefelManifold(shapes: [shape])
    var w = random(rows * columns, scale: 1, key: rows).map(Float.init)
    manifold.project(&w, rows: rows, columns: columns)
    let direction = random(rows * columns, scale: 1, key: columns + 1000)
    var tangent = direction
    manifold.makeTangent(&tangent, at: w, rows: rows, columns: columns)
    let h = 1e-3, moved = zip(w, tangent).map { Float(Double($0) + h * $1) }
    let norm = tangent.reduce(0) { $0 + $1 * $1 }
    #expect(departure(moved, rows, columns) < 1.01 * h * h * norm + 1e-5)
    var again = tangent
    manifold.makeTangent(&again, at: w, rows: rows, columns: columns)
    #expect(zip(again, tangent).allSatisfy { abs($0 - $1) < 1e-5 })
    // The rest is normal to it.
    let along = zip(direction, tangent).reduce(0) { $0 + ($1.0 - $1.1) * $1.1 }
    #expect(abs(along) < 1e-4 * norm.squareRoot() * Double(rows * columns).squareRoot() + 1e-6)
  }

  @Test func notFinite() {
    var w: [Float] = [1, .nan, 0, 1]
    StiefelManifold(shapes: [(2, 2)]).project(&w, rows: 2, columns: 2)
    #expect(w[1].isNaN && w[0] == 1)
  }
}
