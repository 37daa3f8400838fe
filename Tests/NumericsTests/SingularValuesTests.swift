import Numerics
import Testing

@Suite struct SingularValuesTests {
  private func largest(_ weight: [Float], _ rows: Int, _ columns: Int) -> Double {
    SingularValues(shapes: [(rows, columns)]).largest(weight, rows: rows, columns: columns)
  }

  @Test func knownMatrices() {
    #expect(abs(largest([3, 0, 0, -5], 2, 2) - 5) < 1e-6)
    #expect(abs(largest([3, 4], 1, 2) - 5) < 1e-6)
    #expect(abs(largest([3, 4], 2, 1) - 5) < 1e-6)
    #expect(abs(largest([2, 0, 0, 2], 2, 2) - 2) < 1e-6)
    #expect(largest([0, 0, 0, 0], 2, 2) == 0)
  }

  /// The leading direction is spread evenly over all axes but one, along which another value is hardly smaller: the longest
  /// row of the matrix is that of the wrong one.
  @Test(arguments: [2, 8, 32, 128, 256], [0, 1e-5, 3e-5, 1e-4, 2e-4, 3e-4, 1e-3, 1e-2])
  func almostTheLargest(side: Int, gap: Double) {
    var weight = [Float](repeating: 1 / Float(side - 1), count: side * side)
    for i in 0..<side { (weight[i], weight[i * side]) = (0, 0) }
    weight[0] = Float(1 - gap)
    #expect(abs(largest(weight, side, side) - 1) < 3e-5)
  }

  /// The same with other values beside them.
  @Test(arguments: [2, 8, 32, 128], [0.0, 0.1, 0.4, 0.7, 0.9, 0.99, 0.9999])
  func nearlyEqualValues(side: Int, second: Float) {
    var weight = [Float](repeating: 0, count: side * side)
    for i in 0..<side { weight[i * side + i] = 0.01 * second }
    weight[0] = second
    // The leading direction is spread evenly over all other axes.
    let share = 1 / Float(side - 1)
    for i in 1..<side { for j in 1..<side { weight[i * side + j] += share } }
    let expected = 1 + 0.01 * Double(second)
    #expect(abs(largest(weight, side, side) - expected) < 3e-5 * expected)
  }

  /// u^T W v is the value, no random direction is stretched more, and W^T u is along v.
  @Test(arguments: [(5, 5), (32, 32), (2, 32), (32, 3), (1, 7), (1300, 20), (20, 1300), (600, 1)])
  func randomMatrices(shape: (rows: Int, columns: Int)) {
    var stream = RandomNumbers(seed: 9, purpose: .test).stream(shape.rows)
    let w = (0..<shape.rows * shape.columns).map { _ in Float(stream.normal()) }
    let values = SingularValues(shapes: [shape, (40, 40)])
    let sigma = values.largest(w, rows: shape.rows, columns: shape.columns, polishing: true), u = values.u, v = values.v
    var back = [Double](repeating: 0, count: shape.columns)
    for row in 0..<shape.rows {
      for column in 0..<shape.columns { back[column] += u[row] * Double(w[row * shape.columns + column]) }
    }
    for column in 0..<shape.columns { #expect(abs(back[column] - sigma * v[column]) < 1e-4 * sigma) }
    for _ in 0..<200 {
      let x = (0..<shape.columns).map { _ in stream.normal() }
      let image = (0..<shape.rows).map { row in
        (0..<shape.columns).reduce(0) { $0 + Double(w[row * shape.columns + $1]) * x[$1] }
      }
      let stretched = image.reduce(0) { $0 + $1 * $1 }, length = x.reduce(0) { $0 + $1 * $1 }
      #expect(stretched <= sigma * sigma * length * (1 + 1e-6))
    }
  }
}
