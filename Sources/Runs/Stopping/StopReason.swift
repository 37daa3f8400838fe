import Deck
import Storage

/// Why a run ended.
package enum StopReason: Sendable {
  /// The Fisher information fell below its tolerance.
  case fisherInformation(Double, below: Double)
  /// The divergence fell below its tolerance.
  case divergence(Double, below: Double)
  /// All steps were made.
  case allSteps(Int)
  /// The wall time was used up.
  case wallTime(Double)
  /// A signal of this name came to a rank.
  case signal(String)
  /// A file STOP was put into the run folder.
  case stopFile
  /// A quantity stopped being finite in this step.
  case notFinite(String, step: Int)

  /// The status in the result file.
  package var status: RunStatus {
    switch self {
    case .fisherInformation, .divergence: .converged
    case .allSteps: .finished
    case .wallTime, .signal, .stopFile: .interrupted
    case .notFinite: .diverged
    }
  }

  /// The exit code of every rank.
  package var exitCode: Int32 { Self.exitCode(of: status) }

  /// The exit code of a run that has ended with a status.
  static func exitCode(of status: RunStatus) -> Int32 {
    switch status {
    case .diverged: 3
    case .interrupted: 4
    default: 0
    }
  }

  /// A sentence for people.
  package var sentence: String {
    switch self {
    case .fisherInformation(let value, let bound):
      "converged: Fisher information \(Text.short(value)) is below \(Text.short(bound))"
    case .divergence(let value, let bound): "converged: divergence \(Text.short(value)) is below \(Text.short(bound))"
    case .allSteps(let steps): "finished: all \(steps) steps made"
    case .wallTime(let seconds): "interrupted: the wall time of \(Text.duration(seconds)) is used up"
    case .signal(let name): "interrupted: \(name) was received"
    case .stopFile: "interrupted: the file STOP was found in the run folder, and is removed"
    case .notFinite(let what, let step):
      "diverged: \(what) in step \(step); the state before it is stored. A smaller transport.time_step, "
        + "training.learning_rate or divergence.lipschitz may help"
    }
  }

  /// Whether a run meets its end with a step of these figures.
  static func isEnd(_ row: MetricsRow, of steps: Int, _ section: StopSection) -> Bool {
    row.step >= steps || section.fisherInformation.map { row.fisherInformation < $0 } ?? false
      || section.divergence.map { row.divergence < $0 } ?? false
  }

  /// The reason to stop after a step, if there is one.
  static func after(
    step: Int, of steps: Int, divergence: Double, motion: Motion.Reading, _ section: StopSection
  ) -> StopReason? {
    if let bound = section.fisherInformation, motion.fisherInformation < bound {
      return .fisherInformation(motion.fisherInformation, below: bound)
    }
    if let bound = section.divergence, divergence < bound { return .divergence(divergence, below: bound) }
    if step == steps { return .allSteps(steps) }
    switch motion.request {
    case .signal(let number): return .signal(Signals.name(of: number))
    case .file: return .stopFile
    case nil: break
    }
    if let wallTime = section.wallTime, motion.elapsed + motion.reserve > wallTime { return .wallTime(wallTime) }
    return nil
  }
}
