/// Whether steps still gain what the first ones gained: how fast the divergence falls, beside the fastest that it fell.
///
/// As long as particles are far from the target, all move towards it together, and the divergence falls evenly. When it begins
/// to fall slower, what is left is fitted by moving particles past each other, which changes who is whose neighbour more than it
/// changes the distribution (docs/defaults.md).
package struct Slowing {
  /// The last divergences, at most twice the ``width``.
  private var last: [Double] = []
  /// The fastest fall of a step so far, and the present one.
  private var fastest = 0.0, present = Double.nan
  /// The average of the last ones, and the highest that it was.
  private var average = Double.nan, highest = -Double.infinity

  /// Steps whose divergences are averaged.
  private static let width = 3
  /// The share of the fastest fall below which steps are slow.
  private static let share = 0.5
  /// The share of its highest average that the divergence must have come below: a plateau at the beginning is no end.
  private static let fallen = 0.8

  /// Takes the divergence of the next step.
  package mutating func add(_ value: Double) {
    let width = Self.width
    last.append(value)
    if last.count > 2 * width { last.removeFirst() }
    guard last.count == 2 * width else { return }
    let before = last[..<width].reduce(0, +), after = last[width...].reduce(0, +)
    present = (before - after) / Double(width * width)
    fastest = max(fastest, present)
    average = after / Double(width)
    highest = max(highest, before / Double(width))
  }

  /// Whether the divergence has fallen, and falls by less than half of its fastest fall.
  package var isSlow: Bool { present < Self.share * fastest && average < Self.fallen * highest }

  /// The numbers that it is made again from.
  package var numbers: [Double] { [fastest, present, average, highest] + last }

  /// Nothing yet.
  package init() {}

  /// The same of these numbers.
  package init(numbers: [Double]) {
    guard numbers.count >= 4 else { return }
    (fastest, present, average, highest) = (numbers[0], numbers[1], numbers[2], numbers[3])
    last = Array(numbers[4...])
  }
}
