import Storage

/// How a run ended.
package struct StopReason: Sendable {
  /// The status in the result file.
  package let status: RunStatus
  /// A sentence for people.
  package let sentence: String

  /// A reason in words.
  init(_ status: RunStatus, _ sentence: String) {
    self.status = status
    self.sentence = sentence
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
