import Numerics
import Samples
import Testing

/// The diameter and the spacing of samples.
@Suite struct SampleLengthsTests {
  /// Samples 0, 1, 2, ... on a line: a distance k occurs count - k times.
  private func line(_ count: Int) -> Matrix {
    let matrix = Matrix(rows: count, columns: 3)
    for i in 0..<count { matrix[i, 1] = Float(i) }
    return matrix
  }

  @Test(arguments: [2, 5, 101, 1000])
  func diameterOfALine(count: Int) {
    var distances: [Double] = []
    for i in 0..<count { distances += Array(repeating: Double(count - i), count: i) }
    let truth = distances.sorted()[Int(0.9 * Double(distances.count - 1))]
    #expect(SampleLengths(line(count)).diameter == truth)
    #expect(SampleLengths.spacing(of: line(count)) == 1)
  }

  @Test func singleAndEqualSamplesHaveNone() {
    #expect(SampleLengths(line(1)).diameter == 0)
    #expect(SampleLengths(Matrix(rows: 7, columns: 2)).diameter == 0)
    #expect(SampleLengths.spacing(of: Matrix(rows: 7, columns: 2)) == nil)
  }

  @Test func aFarSampleChangesLittle() {
    let rows = line(100), before = SampleLengths(rows).diameter
    rows[50, 1] = 1e9
    #expect(abs(SampleLengths(rows).diameter / before - 1) < 0.05)
  }

  @Test func largeSetsAreSeenAtEvenDistances() {
    let diameter = SampleLengths(line(100_000)).diameter
    #expect(abs(diameter / 68_400 - 1) < 0.01, "\(diameter)")
  }
}
