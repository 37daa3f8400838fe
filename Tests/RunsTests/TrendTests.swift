import Runs
import Testing

/// Divergences that fall, rise again, or stand still.
@Suite struct TrendTests {
  private func trend(_ values: [Double]) -> Trend {
    var trend = Trend()
    for (i, value) in values.enumerated() { trend.add(value, at: i + 1) }
    return trend
  }

  private let falling = (0..<60).map { 1 / Double(1 + $0 * $0) }

  @Test func fallsAndRises() {
    let down = trend(falling)
    #expect(down.isFalling && !down.isRising && !down.isPastMinimum && down.lowestStep == 60)
    let up = trend(falling + (1...60).map { 0.01 * Double($0) })
    #expect(up.isRising && up.isPastMinimum && !up.isFalling)
    #expect((60...66).contains(up.lowestStep))
  }

  /// A rise right after the minimum is not yet one to stop at.
  @Test func aShortRiseIsNone() {
    #expect(!trend(falling + [0.1, 0.1, 0.1]).isPastMinimum)
  }

  /// Noise around a level is no minimum, however long it goes on.
  @Test func noiseIsNoMinimum() {
    let level = trend((0..<500).map { 1 + 0.3 * Double(($0 * 7919) % 101) / 101 })
    #expect(!level.isPastMinimum && !level.isFalling)
  }

  @Test func goesOnFromItsNumbers() {
    let first = falling + [0.02, 0.03], second = (1...40).map { 0.01 * Double($0) }
    var continued = Trend(numbers: trend(first).numbers)
    for (i, value) in second.enumerated() { continued.add(value, at: first.count + i + 1) }
    #expect(continued.numbers == trend(first + second).numbers)
  }
}
