import Storage

/// How a run ended.
package struct StopReason: Sendable {
  /// The status in the result file.
  package let status: RunStatus
  /// A sentence for people.
  package let sentence: String

  /// The step after whose state the run ends; nil: the last.
  let best: Int?

  /// What it says of the particles, where that rests on a trained network.
  let claim: Claim?

  /// That a number is below a bound.
  struct Claim: Sendable {
    /// The number's name.
    let name: String
    let bound: Double
    /// The same number by a fixed function; nil where there is none.
    let measure: @Sendable (Witness) -> Double?
  }

  /// A reason in words.
  init(_ status: RunStatus, _ sentence: String, best: Int? = nil, claim: Claim? = nil) {
    self.status = status
    self.best = best
    self.sentence = sentence
    self.claim = claim
  }

  /// A time step, from 1, could not be made.
  static func diverged(_ what: String, step: Int) -> StopReason {
    StopReason(
      .diverged,
      "diverged: \(what) in step \(step); the state before it is stored. A smaller transport.time_step, "
        + "training.learning_rate or divergence.lipschitz may help")
  }

  /// All of so many steps are made.
  static func finished(_ steps: Int) -> StopReason { StopReason(.finished, "finished: all \(steps) steps made") }
}

extension RunStatus {
  /// The exit code of every rank of a run that ended so.
  package var exitCode: Int32 {
    switch self {
    case .diverged: 3
    case .interrupted: 4
    default: 0
    }
  }
}
