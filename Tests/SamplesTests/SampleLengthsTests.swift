import Samples
import Testing

/// The diameter and the spacing of samples.
@Suite struct SampleLengthsTests {
  /// Samples 0, 1, 2, ... on a line: a distance k occurs count - k times.
  private func line(_ count: Int) -> Excerpt {
    Excerpt(dimension: 3, numbers: (0..<count).flatMap { [0, Double($0), 0] })
  }

  @Test(arguments: [2, 5, 101, 1000])
  func diameterOfALine(count: Int) {
    var distances: [Double] = []
    for i in 0..<count { distances += Array(repeating: Double(count - i), count: i) }
    let truth = distances.sorted()[Int(0.9 * Double(distances.count - 1))]
    #expect(SampleLengths.diameter(of: line(count)) == truth)
    #expect(SampleLengths.spacing(of: line(count)) == 1)
  }

  @Test func singleAndEqualSamplesHaveNone() {
    let equal = Excerpt(dimension: 2, numbers: [Double](repeating: 0, count: 14))
    #expect(SampleLengths.diameter(of: line(1)) == 0)
    #expect(SampleLengths.diameter(of: equal) == 0)
    #expect(SampleLengths.spacing(of: equal) == nil)
  }

  @Test func aFarSampleChangesLittle() {
    let rows = line(100), before = SampleLengths.diameter(of: rows)
    var numbers = rows.numbers
    numbers[50 * 3 + 1] = 1e9
    #expect(abs(SampleLengths.diameter(of: Excerpt(dimension: 3, numbers: numbers)) / before - 1) < 0.05)
  }

  @Test func largeSetsAreSeenAtEvenDistances() {
    let diameter = SampleLengths.diameter(of: line(100_000))
    #expect(abs(diameter / 68_400 - 1) < 0.01, "\(diameter)")
  }
}
