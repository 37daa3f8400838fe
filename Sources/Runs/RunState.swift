import Flows
import MessagePassing
import Numerics
import Storage

/// All that a run's next step depends on: what a checkpoint holds.
package final class RunState: Stateful {
  /// What moves.
  package let flows: [Flow]
  /// How far the run has come.
  package let progress = Progress()
  /// What the numbers of all steps so far are.
  package let metrics: MetricsTable
  /// The names of a step's numbers; with several flows each has those of its own, `NAME_FLOW`.
  package let columns: [String]
  private let reductions: [StepReduction]
  private let scale: CommonScale?
  private let arrival: Arrival?
  private let inTime: InTime?

  /// The state before the first step.
  package convenience init(_ flows: [Flow], on communicator: Communicator) {
    self.init(flows, in: nil, arrival: nil, inTime: nil, observing: observables(), on: communicator)
  }

  /// The state before the first step of a run, with all that its checkpoints hold.
  package convenience init(_ setup: Setup, on communicator: Communicator) {
    self.init(setup, arrival: Arrival(setup), inTime: InTime(setup), on: communicator)
  }

  /// The same with what judges the run.
  convenience init(_ setup: Setup, arrival: Arrival, inTime: InTime, on communicator: Communicator) {
    self.init(
      setup.flows, in: setup.scale, arrival: arrival, inTime: inTime, observing: observables(setup), on: communicator)
  }

  /// The state before the first step.
  ///
  /// - Parameters:
  ///   - scale: that of the particles, which a run can be continued in alone.
  ///   - arrival: what judges convergence.
  ///   - inTime: what judges whether to go on.
  ///   - list: what is observed of a single flow.
  private init(
    _ flows: [Flow], in scale: CommonScale?, arrival: Arrival?, inTime: InTime?, observing list: [any Observable],
    on communicator: Communicator
  ) {
    self.flows = flows
    self.scale = scale
    self.arrival = arrival
    self.inTime = inTime
    reductions = flows.enumerated().map { StepReduction(of: $1, $0 == 0 ? list : observables(), on: communicator) }
    columns = zip(flows, reductions).flatMap { flow, reduction in
      reduction.columns.map { flow.name.isEmpty ? $0 : "\($0)_\(flow.name)" }
    }
    metrics = MetricsTable(columns: columns)
  }

  /// What looks at the particles' places among each other, where anything does.
  var structure: Structure? { reductions.first?.structure }

  /// Trains the fields and evaluates the velocities of a step of every flow; no particle moves. Collective; throws a
  /// ``StepFailure`` on all ranks alike.
  package func propose(_ step: Int) throws { for flow in flows { try flow.propose(step) } }

  /// The numbers of the proposed step in the order of ``columns``, and the maxima over all ranks of some more numbers of 0
  /// or above. Collective; throws a ``StepFailure`` on all ranks alike.
  package func measure(maximaOf more: [Double]) throws -> (values: [Double], maxima: [Double]) {
    var values: [Double] = [], maxima = more
    for reduction in reductions {
      let measured = try reduction.measure(maximaOf: maxima)
      values += measured.values
      maxima = measured.maxima
    }
    return (values, maxima)
  }

  /// Makes the proposed step, of which flows that choose their steps may have proposed different lengths; the run's time is
  /// that of the first.
  package func move() {
    for flow in flows { flow.move() }
    progress.advance(by: flows[0].duration)
  }

  package func record(into snapshot: inout Snapshot) {
    snapshot.record("progress", progress)
    for (flow, reduction) in zip(flows, reductions) {
      snapshot.record("flow" + flow.name, flow)
      snapshot.record("observables" + flow.name, reduction)
    }
    snapshot.record("metrics", metrics)
    if let scale { snapshot.add("scale", [scale.unit] + scale.centre) }
    if let arrival { snapshot.record("arrival", arrival) }
    if let inTime { snapshot.record("in_time", inTime) }
  }

  package func restore(from snapshot: Snapshot) throws {
    if let scale, try snapshot.float64("scale") != [scale.unit] + scale.centre {
      throw CheckpointError.dataChanged(file: "the checkpoint", what: "the source samples are")
    }
    try snapshot.restore("progress", progress)
    for (flow, reduction) in zip(flows, reductions) {
      try snapshot.restore("flow" + flow.name, flow)
      try snapshot.restore("observables" + flow.name, reduction)
    }
    try snapshot.restore("metrics", metrics)
    if let arrival { try snapshot.restore("arrival", arrival) }
    if let inTime { try snapshot.restore("in_time", inTime) }
  }
}
