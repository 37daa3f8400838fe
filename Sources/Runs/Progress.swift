import Numerics

/// How far a run has come.
package final class Progress: Stateful {
  /// The last step made; 0 at the start.
  package private(set) var step = 0
  /// The sum of time steps.
  package private(set) var time = 0.0

  /// A step of this length was made.
  func advance(by timeStep: Double) {
    step += 1
    time += timeStep
  }

  package func record(into snapshot: inout Snapshot) { snapshot.add("step_and_time", [Double(step), time]) }

  package func restore(from snapshot: Snapshot) throws {
    let values = try snapshot.float64("step_and_time")
    step = try snapshot.count("step_and_time", at: 0)
    time = values[1]
  }
}
