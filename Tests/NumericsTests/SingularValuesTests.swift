import Numerics
import Testing

@Suite struct SingularValuesTests {
  @Test func knownMatrices() {
    #expect(abs(SingularValues.largest([3, 0, 0, -5], rows: 2, columns: 2).value - 5) < 1e-6)
    #expect(abs(SingularValues.largest([3, 4], rows: 1, columns: 2).value - 5) < 1e-6)
    #expect(abs(SingularValues.largest([3, 4], rows: 2, columns: 1).value - 5) < 1e-6)
    #expect(abs(SingularValues.largest([2, 0, 0, 2], rows: 2, columns: 2).value - 2) < 1e-6)
    #expect(SingularValues.largest([0, 0, 0, 0], rows: 2, columns: 2).value == 0)
  }

  /// u^T W v is the value, no random direction is stretched more, and W^T u is along v.
  @Test(arguments: [(5, 5), (32, 32), (2, 32), (32, 3), (1, 7)])
  func randomMatrices(shape: (rows: Int, columns: Int)) {
    var stream = RandomNumbers(seed: 9, purpose: .test).stream(shape.rows)
    let w = (0..<shape.rows * shape.columns).map { _ in Float(stream.normal()) }
    let (sigma, u, v) = SingularValues.largest(w, rows: shape.rows, columns: shape.columns)
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
