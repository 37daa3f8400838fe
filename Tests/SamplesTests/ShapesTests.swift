import Foundation
import Numerics
import Samples
import Testing

extension SamplesSuite {
  /// Laws of two dimensions and those with independent coordinates, by their supports and closed forms: shares within five
  /// standard errors of 20000 draws of one seed.
  @Suite struct ShapesTests {
    static let count = 20000

    private func draw(_ json: String, count: Int = count) throws -> [[Double]] {
      try Folder().rows(#"{"count": \#(count), \#(json)}"#, seed: 11).array.map { $0.map(Double.init) }
    }

    private func expectShare(
      _ rows: [[Double]], _ share: Double, _ location: SourceLocation = #_sourceLocation, where isIn: ([Double]) -> Bool
    ) {
      let found = Double(rows.filter(isIn).count) / Double(rows.count)
      let error = (share * (1 - share) / Double(rows.count)).squareRoot()
      #expect(abs(found - share) < 5 * error, "\(found), not \(share)", sourceLocation: location)
    }

    @Test func independentStudentT() throws {
      let cauchy = try draw(
        #""sampler": "student_t", "dimension": 2, "degrees_of_freedom": 1, "scale": [1, 2], "location": [0, 3], "independent": true"#
      )
      let isNear: [([Double]) -> Bool] = [{ abs($0[0]) < 1 }, { abs($0[1] - 3) < 2 }]
      for isIn in isNear { expectShare(cauchy, 0.5, where: isIn) }
      // Of the multivariate distribution a third: |x| < 1 and |y| < 1 has probability 4 / (2 pi) asin(1 / 2).
      expectShare(cauchy, 0.25) { isNear[0]($0) && isNear[1]($0) }
      // P(|t| < 0.51856) = 1/4 and P(|t| < 1.55377) = 1/2 for half a degree of freedom.
      let heavy = try draw(
        #""sampler": "student_t", "dimension": 2, "degrees_of_freedom": 0.5, "independent": true"#)
      for j in 0..<2 {
        expectShare(heavy, 0.25) { abs($0[j]) < 0.51856 }
        expectShare(heavy, 0.5) { abs($0[j]) < 1.55377 }
      }
      expectShare(heavy, 0.25) { abs($0[0]) < 1.55377 && abs($0[1]) < 1.55377 }
    }

    @Test func oneDegreeForTheRowIsNotIndependent() throws {
      let rows = try draw(#""sampler": "student_t", "dimension": 2, "degrees_of_freedom": 1"#)
      expectShare(rows, 1 / 3.0) { abs($0[0]) < 1 && abs($0[1]) < 1 }
    }

    @Test func carpetWithOnePointPerCell() throws {
      let rows = try draw(
        #""sampler": "sierpinski_carpet", "level": 3, "side": 27, "one_per_cell": true"#, count: 2 * 512)
      var cells: [Int: Int] = [:]
      for row in rows {
        var x = min(Int(row[0]), 26), y = min(Int(row[1]), 26)
        cells[x + 27 * y, default: 0] += 1
        for _ in 0..<3 {
          #expect(!(x % 3 == 1 && y % 3 == 1))
          x /= 3
          y /= 3
        }
      }
      #expect(cells.count == 512 && cells.values.allSatisfy { $0 == 2 })
      // Uniform within the cells.
      let places = rows.map { [$0[0] - $0[0].rounded(.down), $0[1] - $0[1].rounded(.down)] }
      for j in 0..<2 { expectShare(places, 0.3) { $0[j] < 0.3 } }
      expectShare(places, 0.25) { $0[0] < 0.5 && $0[1] < 0.5 }
      // Another number of rows has the same cells in the same order.
      let few = try draw(
        #""sampler": "sierpinski_carpet", "level": 3, "side": 27, "one_per_cell": true"#, count: 512)
      #expect(few == Array(rows[..<512]))
    }

    @Test func twoMoons() throws {
      let rows = try draw(#""sampler": "two_moons", "scale": 2"#).map { [$0[0] / 2, $0[1] / 2] }
      let isUpper: ([Double]) -> Bool = { abs(hypot($0[0], $0[1]) - 1) < 1e-5 && $0[1] > -1e-5 }
      let isLower: ([Double]) -> Bool = { abs(hypot($0[0] - 1, $0[1] - 0.5) - 1) < 1e-5 && $0[1] < 0.5 + 1e-5 }
      #expect(rows.allSatisfy { isUpper($0) || isLower($0) })
      expectShare(rows, 0.5, where: isUpper)
      // A third of each half circle lies within 30 degrees of its top.
      expectShare(rows, 1 / 3.0) { isUpper($0) ? $0[1] > sqrt(0.75) : $0[1] < 0.5 - sqrt(0.75) }

      let noisy = try draw(#""sampler": "two_moons", "noise": 0.1"#)
      // The first coordinate: mean 1/2, variance 1/2 of the angle, 1/4 of the choice and that of the noise.
      let variance = noisy.reduce(0) { $0 + ($1[0] - 0.5) * ($1[0] - 0.5) } / Double(noisy.count)
      #expect(abs(variance - 0.76) < 5 * 0.76 / Double(noisy.count).squareRoot())
      expectShare(noisy, 0.5) { $0[0] < 0.5 }
      #expect(!noisy.allSatisfy { isUpper($0) || isLower($0) })
    }

    @Test func eightGaussians() throws {
      let rows = try draw(#""sampler": "eight_gaussians", "radius": 10, "standard_deviation": 0.5"#)
      for k in 0..<8 {
        let angle = Double(k) * .pi / 4
        // One of eight, within the median radius of a normal distribution in the plane.
        expectShare(rows, 1 / 16.0) {
          hypot($0[0] - 10 * cos(angle), $0[1] - 10 * sin(angle)) < 0.5 * sqrt(2 * log(2.0))
        }
      }
    }

    @Test func checkerboard() throws {
      let rows = try draw(#""sampler": "checkerboard", "side": 4"#)
      var cells: [Int: Int] = [:]
      for row in rows {
        #expect(abs(row[0]) <= 2 && abs(row[1]) <= 2)
        cells[min(Int(row[0] + 2), 3) + 4 * min(Int(row[1] + 2), 3), default: 0] += 1
      }
      #expect(Set(cells.keys) == [0, 2, 5, 7, 8, 10, 13, 15])
      let mean = Double(Self.count) / 8
      // Chi-squared with 7 degrees of freedom: standard deviation sqrt 14.
      let chi = cells.values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
      #expect(abs(chi - 7) < 5 * 14.0.squareRoot())
      expectShare(rows, 0.25) {
        $0[0] - $0[0].rounded(.down) < 0.5 && $0[1] - $0[1].rounded(.down) < 0.5
      }
    }
  }
}
