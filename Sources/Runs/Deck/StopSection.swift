import Parameters
import Storage

/// The `stop` section of a deck: whichever comes first; each is optional.
package struct StopSection: Section {
  /// Stop below this mean |grad phi|^2 (eq. 33).
  package var fisherInformation: Double?
  /// Stop below this divergence (eq. 37).
  package var divergence: Double?
  /// Stop this long after the start of the job.
  package var wallTime: TimeLimit?
  /// The exit code of a run that was interrupted, from 0 to 255.
  package var exitCode = Int(RunStatus.interrupted.exitCode)
  /// Stop where going on only fits noise, and end with the best state; nil until it is known what the default is.
  package var automatic: Bool?
  /// What is kept back of the target to judge by.
  package var heldOut: HeldOutSection?

  package init() {}

  package static let keys: [Key<StopSection>] = [
    .value(
      "divergence", optional: \.divergence, "stop below this divergence", allowed: "a finite number above 0"
    ) { $0 > 0 && $0.isFinite },
    .value(
      "fisher_information", optional: \.fisherInformation, "stop below this mean |grad phi|^2",
      allowed: "a finite number above 0"
    ) { $0 > 0 && $0.isFinite },
    .value(
      "wall_time", optional: \.wallTime,
      "stop this long after the start of the job; auto: before the job of Slurm ends that it runs in"),
    .value(
      "exit_code", \.exitCode,
      "the exit code of a run that stops to be continued; 0: a batch system takes its job for done",
      allowed: "a whole number from 0 to 255"
    ) { (0...255).contains($0) },
    .value(
      "automatic", optional: \.automatic,
      "stop where going on only fits noise, the divergence past its minimum, and end with the state there",
      otherwise: "true; false with initial_weights"),
    .section(
      "held_out", optional: \.heldOut, "keep back a part of the target, and end with the state that is best by it"),
  ]
}

/// The `stop.held_out` section: target samples that nothing is trained on.
package struct HeldOutSection: Section {
  /// The share of the target, above 0 and below 1.
  package var share = 0.2
  /// The evaluations without a better one after which a run stops.
  package var patience = 20

  package init() {}

  package static let keys: [Key<HeldOutSection>] = [
    .value("share", \.share, "the share of the target that is kept back", allowed: "a number above 0 and below 1") {
      $0 > 0 && $0 < 1
    },
    .value(
      "patience", \.patience, "stop after so many evaluations of D(P | held out) without a lower one",
      allowed: "a whole number above 0"
    ) { $0 > 0 },
  ]
}

/// A time that a deck gives as hours, minutes and seconds, or that the batch system knows.
package enum TimeLimit: KeyValue {
  /// So many seconds after the start of the job, above 0.
  case seconds(Double)
  /// As long as the batch system lets the job run.
  case automatic

  package static var wanted: String { "a time above zero as \"h:mm:ss\", such as \"0:55:00\", or auto" }

  package static func read(_ entry: Entry, wanted: String) throws -> TimeLimit {
    let text = try String.read(entry, wanted: wanted)
    if text == "auto" { return .automatic }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = Int(parts[0]), let minutes = Int(parts[1]), let seconds = Int(parts[2]),
      (0...1_000_000).contains(hours), (0..<60).contains(minutes), (0..<60).contains(seconds),
      hours + minutes + seconds > 0
    else { throw entry.mustBe(wanted) }
    return .seconds(Double(3600 * hours + 60 * minutes + seconds))
  }

  package var tree: Tree {
    guard case .seconds(let seconds) = self else { return "auto".tree }
    func padded(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let total = Int(seconds)
    return "\(total / 3600):\(padded(total / 60 % 60)):\(padded(total % 60))".tree
  }
}
