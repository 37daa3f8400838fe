/// How a divergence goes over the steps of a run, by averages that reach back a part of the steps made.
package struct Trend: Sendable {
  /// The average over about the last tenth of the steps, at least three.
  private(set) var average = Double.nan
  /// That over the last third.
  private(set) var slow = Double.nan
  /// The least average and its step.
  package private(set) var lowest = Double.infinity
  package private(set) var lowestStep = 0
  /// The largest average.
  private(set) var highest = -Double.infinity
  private var step = 0

  /// Nothing yet.
  package init() {}

  /// Takes the divergence of a step, from 1.
  package mutating func add(_ value: Double, at step: Int) {
    func moved(_ old: Double, _ width: Double) -> Double { old.isNaN ? value : old + (value - old) / width }
    self.step = step
    average = moved(average, min(Double(step), max(3, Double(step) / 10)))
    slow = moved(slow, min(Double(step), max(9, Double(step) / 3)))
    highest = max(highest, average)
    if average < lowest {
      lowest = average
      lowestStep = step
    }
  }

  /// Whether it has risen for a good part of the run from a minimum well below where it began.
  package var isPastMinimum: Bool {
    lowest < 0.5 * highest && average > 1.1 * lowest && step > lowestStep + max(10, lowestStep / 2)
  }

  /// Whether it is above its least by more than noise.
  package var isRising: Bool { average > 1.1 * lowest && step > lowestStep + max(3, lowestStep / 10) }

  /// Whether it still falls.
  package var isFalling: Bool { average < 0.85 * slow }

  /// The numbers that it is made again from.
  package var numbers: [Double] { [average, slow, lowest, Double(lowestStep), highest, Double(step)] }

  /// The trend of these numbers.
  package init(numbers: [Double]) {
    guard numbers.count == 6 else { return }
    (average, slow, lowest, highest) = (numbers[0], numbers[1], numbers[2], numbers[4])
    (lowestStep, step) = (Int(exactly: numbers[3]) ?? 0, Int(exactly: numbers[5]) ?? 0)
  }
}
