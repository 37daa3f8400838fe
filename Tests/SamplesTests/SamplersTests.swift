import Foundation
import Numerics
import Samples
import Testing

extension SamplesSuite {
  /// Moments within five standard errors of 20000 draws of one seed.
  @Suite struct SamplersTests {
    static let count = 20000

    private func draw(_ json: String) throws -> Matrix {
      try Folder().rows(#"{"count": \#(Self.count), \#(json)}"#, seed: 11)
    }

    private func expectMoments(
      _ rows: Matrix, column: Int, mean: Double, variance: Double, kurtosis: Double = 3,
      _ location: SourceLocation = #_sourceLocation
    ) {
      let n = Double(rows.rows), values = rows.array.map { Double($0[column]) }
      let found = values.reduce(0, +) / n
      let spread = values.map { ($0 - found) * ($0 - found) }.reduce(0, +) / n
      #expect(abs(found - mean) < 5 * (variance / n).squareRoot(), sourceLocation: location)
      #expect(
        abs(spread - variance) < 5 * variance * ((kurtosis - 1) / n).squareRoot(), "\(spread)", sourceLocation: location
      )
    }

    private func covariance(_ rows: Matrix) -> Double {
      let n = Double(rows.rows), values = rows.array
      let a = values.reduce(0) { $0 + Double($1[0]) } / n, b = values.reduce(0) { $0 + Double($1[1]) } / n
      return values.reduce(0) { $0 + (Double($1[0]) - a) * (Double($1[1]) - b) } / n
    }

    @Test func gaussian() throws {
      let rows = try draw(#""sampler": "gaussian", "mean": [1, -2], "standard_deviation": [0.5, 3]"#)
      expectMoments(rows, column: 0, mean: 1, variance: 0.25)
      expectMoments(rows, column: 1, mean: -2, variance: 9)
      #expect(abs(covariance(rows)) < 5 * 1.5 / Double(Self.count).squareRoot())
    }

    @Test func gaussianMixture() throws {
      let rows = try draw(
        #""sampler": "gaussian_mixture", "means": [[0, 0], [10, 4]], "standard_deviation": [0.5, 1], "weights": [1, 3]"#
      )
      let far = rows.array.filter { $0[0] > 5 }
      let share = Double(far.count) / Double(Self.count)
      #expect(abs(share - 0.75) < 5 * (0.75 * 0.25 / Double(Self.count)).squareRoot())
      let mean = far.reduce(0) { $0 + Double($1[1]) } / Double(far.count)
      #expect(abs(mean - 4) < 5 / Double(far.count).squareRoot())
    }

    @Test func uniform() throws {
      let rows = try draw(#""sampler": "uniform", "low": -1, "high": [1, 5]"#)
      expectMoments(rows, column: 0, mean: 0, variance: 4 / 12.0, kurtosis: 1.8)
      expectMoments(rows, column: 1, mean: 2, variance: 36 / 12.0, kurtosis: 1.8)
      #expect(rows.array.allSatisfy { $0[0] >= -1 && $0[0] <= 1 })
    }

    @Test func logistic() throws {
      let rows = try draw(#""sampler": "logistic", "dimension": 2, "mean": 3, "scale": 2"#)
      expectMoments(rows, column: 1, mean: 3, variance: 4 * .pi * .pi / 3, kurtosis: 4.2)
      // The upper quartile is mean + scale * log 3.
      let below = rows.array.filter { Double($0[0]) < 3 + 2 * log(3.0) }.count
      #expect(abs(Double(below) / Double(Self.count) - 0.75) < 5 * (0.1875 / Double(Self.count)).squareRoot())
    }

    @Test func studentT() throws {
      let rows = try draw(
        #""sampler": "student_t", "dimension": 2, "degrees_of_freedom": 12, "scale": 2, "location": 1"#)
      expectMoments(rows, column: 0, mean: 1, variance: 4 * 12 / 10.0, kurtosis: 3 + 6 / 8.0)
      // One chi-squared number a row: squares are correlated, E[x^2 y^2] = nu^2 / ((nu - 2)(nu - 4)) against (nu / (nu - 2))^2.
      let heavy = try draw(#""sampler": "student_t", "dimension": 2, "degrees_of_freedom": 1"#)
      let quartile = heavy.array.filter { abs($0[0]) < 1 }.count
      #expect(abs(Double(quartile) / Double(Self.count) - 0.5) < 5 * (0.25 / Double(Self.count)).squareRoot())
      // The bivariate Cauchy distribution has P(r < sqrt 3) = 1 - 1/2.
      let inside = heavy.array.filter { $0[0] * $0[0] + $0[1] * $0[1] < 3 }.count
      #expect(abs(Double(inside) / Double(Self.count) - 0.5) < 5 * (0.25 / Double(Self.count)).squareRoot())
    }

    @Test func generalizedGaussian() throws {
      let laplace = try draw(#""sampler": "generalized_gaussian", "dimension": 1, "scale": 2, "shape": 1"#)
      expectMoments(laplace, column: 0, mean: 0, variance: 8, kurtosis: 6)
      let normal = try draw(#""sampler": "generalized_gaussian", "dimension": 1, "mean": 1, "scale": 2, "shape": 2"#)
      expectMoments(normal, column: 0, mean: 1, variance: 2)
      let heavy = try draw(#""sampler": "generalized_gaussian", "dimension": 1, "shape": 0.5"#)
      // P(|x| < c) is the gamma(2) distribution function at sqrt c: 1 - 2/e at c = 1.
      let inside = Double(heavy.array.filter { abs($0[0]) < 1 }.count) / Double(Self.count)
      #expect(abs(inside - (1 - 2 * exp(-1.0))) < 5 * 0.45 / Double(Self.count).squareRoot())
    }

    @Test func swissRoll() throws {
      let rows = try draw(#""sampler": "swiss_roll", "scale": 0.5"#)
      for row in rows.array {
        let x = 2 * Double(row[0]), y = 2 * Double(row[1]), z = 2 * Double(row[2]), t = (x * x + z * z).squareRoot()
        #expect(t > 1.5 * .pi - 1e-4 && t < 4.5 * .pi + 1e-4 && y >= 0 && y <= 21.0001)
        #expect(abs(x - t * cos(t)) < 1e-4)
      }
      expectMoments(rows, column: 1, mean: 5.25, variance: 10.5 * 10.5 / 12, kurtosis: 1.8)
    }

    @Test func sierpinskiCarpet() throws {
      let rows = try draw(#""sampler": "sierpinski_carpet", "level": 3, "side": 27"#)
      var squares: [Int: Int] = [:]
      for row in rows.array {
        var x = Int(row[0]), y = Int(row[1])
        #expect(x >= 0 && x <= 27 && y >= 0 && y <= 27)
        squares[min(x, 26) + 27 * min(y, 26), default: 0] += 1
        // float32 may round a point to the edge of the next square.
        if row[0] == Float(x) || row[1] == Float(y) { continue }
        for _ in 0..<3 {
          #expect(!(x % 3 == 1 && y % 3 == 1))
          x /= 3
          y /= 3
        }
      }
      // 512 squares; chi-squared of 511 degrees of freedom: standard deviation 32.
      let mean = Double(Self.count) / 512
      let chi = squares.values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
      #expect(squares.count <= 514 && abs(chi - 511) < 5 * 32)
    }

    @Test func rowsDependOnTheirIndexAlone() throws {
      let deck =
        #""sampler": "student_t", "dimension": 3, "degrees_of_freedom": 3, "embed": {"dimension": 5, "offset": 2}"#
      let few = try Folder().rows(#"{"count": 10, \#(deck)}"#).array
      let many = try Folder().rows(#"{"count": 50, \#(deck)}"#).array
      #expect(Array(many[..<10]) == few && few.allSatisfy { $0[3] == 2 && $0[4] == 2 })
    }

    @Test(arguments: [
      (#"{"sampler": "gausian", "count": 3}"#, "did you mean gaussian"),
      (#"{"sampler": "gaussian", "count": 3}"#, "is missing"),
      (#"{"sampler": "gaussian", "count": 0, "dimension": 1}"#, "whole number above 0"),
      (
        #"{"sampler": "gaussian", "count": 3, "dimension": 3, "mean": [1, 2]}"#,
        "mean: has 2 numbers where the dimension is 3"
      ),
      (#"{"sampler": "gaussian", "count": 3, "mean": [1, 2], "standard_deviation": -1}"#, "above 0"),
      (#"{"sampler": "gaussian", "count": 9000000000000000000, "dimension": 9}"#, "too large"),
      (#"{"sampler": "gaussian", "count": 3, "dimension": 3, "embed": {"dimension": 2}}"#, "less than the sampler's"),
      (#"{"sampler": "uniform", "count": 3, "dimension": 1, "low": 2}"#, "above low"),
      (#"{"sampler": "gaussian_mixture", "count": 3, "means": [[1], [2, 3]]}"#, "same number of coordinates"),
      (#"{"sampler": "gaussian_mixture", "count": 3, "means": [[1], [2]], "weights": [0, 0]}"#, "not all zero"),
      (#"{"sampler": "sierpinski_carpet", "count": 3, "level": 40}"#, "from 0 to 15"),
      (
        #"{"sampler": "sierpinski_carpet", "count": 65, "level": 2, "one_per_cell": true}"#,
        "count: must be a multiple of 64, the number of cells"
      ),
      (#"{"sampler": "two_moons", "count": 3, "noise": -1}"#, "0 or above"),
      (#"{"sampler": "eight_gaussians", "count": 3, "radius": 0}"#, "above 0"),
      (#"{"sampler": "checkerboard", "count": 3, "side": -8}"#, "above 0"),
      (#"{"sampler": "student_t", "count": 3, "dimension": 1, "degrees_of_freedom": 1, "independent": 1}"#, "true"),
      (#"{"count": 3}"#, "give a file or a sampler"),
      (#"{"file": "x", "sampler": "gaussian", "dimension": 1}"#, "cannot stand beside"),
      (#"{"sampler": "gaussian", "count": 3, "dimension": 1, "limit": 3}"#, "belongs to file"),
      (#"{"sampler": "swiss_roll", "count": 3, "mean": 3}"#, "belongs to sampler: gaussian, logistic"),
      (#"{"sampler": "gaussian", "count": 3, "dimenson": 1}"#, "did you mean dimension"),
      (#"{"sampler": "swiss_roll"}"#, "count: is missing"), (#"{"file": "x", "count": 3}"#, "goes with a sampler only"),
      (#"{"sampler": "sierpinski_carpet", "count": 3}"#, "level: is missing"),
    ]) func badDecks(json: String, part: String) throws {
      let message = try Folder().message(json)
      #expect(message.contains(part), "\(message)")
    }
  }
}
