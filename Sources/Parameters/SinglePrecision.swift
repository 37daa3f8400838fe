/// Float32, in which a run computes: which numbers of a deck it holds.
package enum SinglePrecision {
  /// What is held, after "must be".
  package static let allowed = "a number above 0 that float32 holds (\(range))"
  package static let range = "1.2e-38 to 3.4e38"

  /// Whether a number above 0 is held with all digits.
  @Sendable package static func holds(_ number: Double) -> Bool { number > 0 && Float(number).isNormal }
}
