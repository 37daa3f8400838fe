import Storage

/// A reason to stop after a time step.
protocol StoppingRule: Sendable {
  /// The reason, where the rule is met by a step's numbers and, in a run that goes on, its circumstances; these are nil
  /// where the last row of a stored run is judged. The same on all ranks.
  func reason(_ row: MetricsRow, _ circumstances: Circumstances?) -> StopReason?
}

/// What all ranks agree on after a step, beside its numbers.
struct Circumstances: Sendable {
  /// The seconds since the job's start, on the latest of the ranks' clocks.
  var elapsed: Double
  /// The seconds that the slowest rank keeps for one more step and the files of a stop.
  var reserve: Double
  /// Whether a rank was asked to stop, and how.
  var request: StopRequest?
}

/// All rules of a deck; the first that is met gives the reason. `wallTime` is in seconds from the start of the job, nil: no limit.
func stoppingRules(_ deck: Deck, wallTime: Double?) -> [any StoppingRule] {
  [
    Tolerance(column: Speeds.fisherInformation, name: "Fisher information", bound: deck.stop.fisherInformation) {
      $0.fisherInformation
    },
    Tolerance(column: Divergence.column, name: "divergence", bound: deck.stop.divergence) { $0.divergence },
    AllSteps(steps: deck.transport.steps),
    Requested(),
    WallTime(seconds: wallTime),
  ]
}

/// A number of the metrics fell below its tolerance.
struct Tolerance: StoppingRule {
  let column: String
  let name: String
  let bound: Double?
  let measure: @Sendable (Witness) -> Double?

  func reason(_ row: MetricsRow, _ circumstances: Circumstances?) -> StopReason? {
    guard let bound, let value = row[column], value < bound else { return nil }
    return StopReason(
      .converged, "converged: \(name) \(Text.short(value)) is below \(Text.short(bound))",
      claim: .init(name: "the \(name)", bound: bound, measure: measure))
  }
}

/// All steps are made.
struct AllSteps: StoppingRule {
  let steps: Int

  func reason(_ row: MetricsRow, _ circumstances: Circumstances?) -> StopReason? {
    row.step >= steps ? .finished(row.step) : nil
  }
}

/// A signal or a file STOP.
struct Requested: StoppingRule {
  func reason(_ row: MetricsRow, _ circumstances: Circumstances?) -> StopReason? {
    switch circumstances?.request {
    case .signal(let number): StopReason(.interrupted, "interrupted: \(Signals.name(of: number)) was received")
    case .file: StopReason(.interrupted, "interrupted: the file STOP was found in the run folder, and is removed")
    case nil: nil
    }
  }
}

/// One more step and the files of a stop would exceed the wall time.
struct WallTime: StoppingRule {
  let seconds: Double?

  func reason(_ row: MetricsRow, _ circumstances: Circumstances?) -> StopReason? {
    guard let seconds, let circumstances, circumstances.elapsed + circumstances.reserve > seconds else { return nil }
    return StopReason(.interrupted, "interrupted: the wall time of \(Text.duration(seconds)) is used up")
  }
}
