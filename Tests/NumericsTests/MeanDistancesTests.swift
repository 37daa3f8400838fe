import Numerics
import Testing

@Suite struct MeanDistancesTests {
  private func matrix(_ rows: [[Float]]) -> Matrix {
    let matrix = Matrix(rows: rows.count, columns: rows[0].count)
    for (i, row) in rows.enumerated() { for (j, value) in row.enumerated() { matrix.row(i)[j] = value } }
    return matrix
  }

  @Test func distancesAndDirections() {
    let a = matrix([[0, 0], [3, 4]]), b = matrix([[3, 4], [0, -5], [0, 0]])
    let directions = UnsafeMutablePointer<Double>.allocate(capacity: 4)
    defer { directions.deallocate() }
    let means = meanDistances(from: a, to: b, directions: directions)
    let steep = 90.0.squareRoot()
    #expect(abs(means[0] - 10.0 / 3) < 1e-12 && abs(means[1] - (steep + 5) / 3) < 1e-12)
    // A row at the same place has no direction.
    let expected = [-0.6, -0.8 + 1, 3 / steep + 0.6, 9 / steep + 0.8].map { $0 / 3 }
    for (i, value) in expected.enumerated() { #expect(abs(directions[i] - value) < 1e-12) }
  }
}
