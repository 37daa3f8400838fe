import Flows
import Numerics
import Storage

/// All that a run's next step depends on: what a checkpoint holds.
package final class RunState: Stateful {
  package let setup: Setup
  let progress = Progress()
  let reduction: StepReduction
  /// The numbers of all steps so far.
  let metrics: MetricsTable

  /// The state before the first step.
  package init(_ setup: Setup) {
    self.setup = setup
    reduction = StepReduction(of: setup.flow, observables(), on: setup.communicator)
    metrics = MetricsTable(columns: reduction.columns, isRoot: setup.communicator.isRoot)
  }

  var flow: Flow { setup.flow }

  package func record(into snapshot: inout Snapshot) {
    snapshot.record("progress", progress)
    snapshot.record("flow", flow)
    snapshot.record("observables", reduction)
    snapshot.record("metrics", metrics)
  }

  package func restore(from snapshot: Snapshot) throws {
    try snapshot.restore("progress", progress)
    try snapshot.restore("flow", flow)
    try snapshot.restore("observables", reduction)
    try snapshot.restore("metrics", metrics)
  }
}
