import Evaluation
import Foundation
import Numerics
import Testing

/// The Frechet distance against its closed form.
@Suite struct FrechetTests {
  /// Rows whose mean and covariance are exactly those of the factors: all corners of a box, each twice.
  private func box(_ centre: [Float], _ sides: [Float]) -> Matrix {
    let count = 1 << centre.count, rows = Matrix(rows: count, columns: centre.count)
    for row in 0..<count {
      for i in centre.indices { rows[row, i] = centre[i] + (row >> i & 1 == 0 ? -sides[i] : sides[i]) }
    }
    return rows
  }

  private func frechet(_ a: Matrix, _ b: Matrix, unit: Double = 1) throws -> Double? {
    let world = try Sets.world()
    return try FrechetDistance().measure(SamplePair(a: a, b: b, unit: unit, on: world))[0].value
  }

  /// Of uncorrelated columns it is the sum of the squared differences of means and of standard deviations.
  @Test(arguments: [1.0, 3.0]) func closedForm(unit: Double) throws {
    let a = box([1, 0, 2], [1, 2, 3]), b = box([0, 0, 4], [2, 2.5, 0.5])
    let bessel = (8.0 / 7).squareRoot()
    let expected = 1 + 4 + (1 + 0.25 + 6.25) * bessel * bessel
    let found = try #require(try frechet(a, b, unit: unit))
    #expect(abs(found / (expected * unit * unit) - 1) < 1e-6)
    #expect(abs(try #require(try frechet(a, a))) < 1e-9)
  }

  /// Rows of B that are all equal have no components.
  @Test func nothing() throws {
    #expect(try frechet(box([1], [1]), Matrix(rows: 4, columns: 1)) == nil)
  }
}
