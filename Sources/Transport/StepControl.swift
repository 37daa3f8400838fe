import Glibc
import Numerics

/// What becomes of a time step that was tried.
package enum Verdict: Equatable, Sendable {
  /// The particles move.
  case accept
  /// The step is undone and tried again with this length.
  case again(timeStep: Double)
}

/// Who chooses the length of time steps. Its snapshot decides the steps that follow.
package protocol StepControl: Stateful {
  /// Whether a step may have to be undone.
  var mayReject: Bool { get }
  /// The length with which a step, from 1, is tried first.
  func timeStep(of step: Int) -> Double
  /// Judges a step of this length with the estimated error, a length in the data's unit; nil where there is no estimate.
  /// Decided from numbers that all ranks have alike.
  func judge(timeStep: Double, error: Double?) -> Verdict
}

/// How the time step changes over a run.
package enum Schedule: String, Sendable, CaseIterable {
  case constant, linear

  /// The sum of all factors of a run.
  package func total(of steps: Int) -> Double {
    switch self {
    case .constant: return Double(steps)
    case .linear:
      let count = Double(steps), falling = (0.99 * count).rounded(.down) + 1
      return falling - falling * (falling - 1) / (2 * count) + 0.01 * (count - falling)
    }
  }

  /// The factor of the time step at step n = 1, 2, ... of a run.
  package func factor(step: Int, of steps: Int) -> Double {
    switch self {
    case .constant: 1
    case .linear: max(1 - Double(step - 1) / Double(steps), 0.01)
    }
  }
}

/// Time steps that follow from their number; every one is accepted.
package final class ScheduledSteps: StepControl {
  private let timeStep: Double, schedule: Schedule, steps: Int

  /// Step n of `steps` has the length `timeStep` times the schedule's factor.
  package init(timeStep: Double, schedule: Schedule, steps: Int) {
    self.timeStep = timeStep
    self.schedule = schedule
    self.steps = steps
  }

  package var mayReject: Bool { false }
  package func timeStep(of step: Int) -> Double { timeStep * schedule.factor(step: step, of: steps) }
  package func judge(timeStep: Double, error: Double?) -> Verdict { .accept }
  package func record(into snapshot: inout Snapshot) {}
  package func restore(from snapshot: Snapshot) throws {}
}

/// Time steps of recorded lengths; every one is accepted.
package final class RecordedSteps: StepControl {
  private let lengths: [Double]

  /// Step n has the length n - 1 of a list, which has one for every step.
  package init(_ lengths: [Double]) { self.lengths = lengths }

  package var mayReject: Bool { false }
  package func timeStep(of step: Int) -> Double { lengths[step - 1] }
  package func judge(timeStep: Double, error: Double?) -> Verdict { .accept }
  package func record(into snapshot: inout Snapshot) {}
  package func restore(from snapshot: Snapshot) throws {}
}

/// Time steps whose estimated error stays below a tolerance: the elementary controller of Hairer, Norsett, Wanner, "Solving
/// Ordinary Differential Equations I", 1993, Section II.4.
package final class ErrorControl: StepControl {
  private let tolerance: Double, order: Int
  private var next: Double
  /// Whether the last trial was rejected: the step after it does not grow.
  private var isCautious = false

  /// Steps of a method whose error estimate has this order, the first of the length `timeStep`; `tolerance` is a length in
  /// the data's unit.
  package init(tolerance: Double, order: Int, timeStep: Double) {
    self.tolerance = tolerance
    self.order = order
    next = timeStep
  }

  package var mayReject: Bool { true }
  package func timeStep(of step: Int) -> Double { next }

  package func judge(timeStep: Double, error: Double?) -> Verdict {
    guard let error else { return .accept }
    let ratio = error / tolerance
    let best = ratio > 0 ? 0.9 * pow(ratio, -1 / Double(order)) : 5
    let factor = ratio.isFinite ? min(max(best, 0.2), isCautious ? 1 : 5) : 0.2
    next = timeStep * factor
    isCautious = !(ratio <= 1)
    return isCautious ? .again(timeStep: next) : .accept
  }

  package func record(into snapshot: inout Snapshot) { snapshot.add("next", [next, isCautious ? 1 : 0]) }

  package func restore(from snapshot: Snapshot) throws {
    let values = try snapshot.float64("next")
    next = values[0]
    isCautious = values[1] != 0
  }
}
