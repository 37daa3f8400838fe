import MessagePassing
import Numerics
import Transport

/// One velocity field and the particle sets that it moves: the first is the one that the field is trained on, the others
/// are carried along.
///
/// A time step is first proposed, which moves nothing, and then made, so that what is measured of it can still refuse it.
package final class Flow: Stateful {
  /// The flow's name among those of a run, such as a class; empty where it is the only one.
  package let name: String
  /// The field.
  package let field: any VelocityField
  /// How each set moves, in the order of the sets.
  package let motions: [Motion]
  /// The length of the step that was proposed last, in the flow's unit of time.
  package private(set) var timeStep = 0.0
  /// The flow's unit of length in the data's; that of time is its square.
  package let unit: Double
  /// What is done to all sets before the first step; nil: nothing.
  package let start: AffineMap?
  /// What all coordinates are held between after the start and after each step; nil: nothing.
  package let bounds: Bounds?
  /// Who stores the field of every stage; nil: nobody.
  package let recorder: FlowRecorder?
  private let control: any StepControl
  private let communicator: Communicator
  /// The sum over the trained particles of the squared error's velocity.
  private let errors = ExactSum(groupSizes: [1])

  /// The rejected trials of one step after which no length is looked for any more.
  private static let mostTrials = 40

  /// A flow of particle sets, at least one, in the time steps of a control.
  package init(
    _ name: String = "", of sets: [ParticleSet], in field: any VelocityField, by method: Integrator,
    control: any StepControl, unit: Double = 1, start: AffineMap? = nil,
    bounds: Bounds? = nil, recorder: FlowRecorder? = nil,
    on communicator: Communicator
  ) {
    precondition(!sets.isEmpty, "a flow moves particles")
    self.name = name
    self.field = field
    self.control = control
    self.unit = unit
    self.start = start
    self.bounds = bounds
    self.recorder = recorder
    self.communicator = communicator
    motions = sets.enumerated().map { Motion(of: $1, by: method, estimatesError: $0 == 0 && control.mayReject) }
  }

  /// Aligns all sets: to be called once, before the first step.
  package func align() {
    for motion in motions {
      start?.apply(to: motion.set.positions)
      bounds?.hold(motion.set.positions)
    }
  }

  /// Evaluates the stages of a time step, again and shorter until the control accepts it; a rejected trial leaves no trace
  /// in the field. No particle moves. Collective; throws ``StepFailure`` on all ranks alike.
  package func propose(_ step: Int) throws {
    timeStep = control.timeStep(of: step)
    let before = control.mayReject ? Snapshot(of: field) : nil
    for _ in 0..<Self.mostTrials {
      try evaluate(step)
      guard case .again(let shorter) = control.judge(timeStep: timeStep, error: try error()), let before else { return }
      try field.restore(from: before)
      timeStep = shorter
    }
    throw StepFailure("the error of a time step stays above transport.error, \(Self.mostTrials) shorter ones tried")
  }

  /// The length of the step that was proposed last, in the data's unit of time.
  package var duration: Double { timeStep * unit * unit }

  /// Makes the step that was proposed.
  package func move() {
    for motion in motions {
      motion.move(timeStep: timeStep)
      bounds?.hold(motion.set.positions)
    }
    recorder?.move(timeStep: timeStep, duration: duration)
  }

  /// Whether all own positions of all sets are finite after the step that was proposed.
  package var leadsToFinite: Bool { motions.allSatisfy { $0.leadsToFinite(timeStep: timeStep) } }

  /// Trains and evaluates the field at every stage.
  private func evaluate(_ step: Int) throws {
    recorder?.begin()
    for index in 0..<motions[0].table.stages {
      let positions = motions.map { $0.advance(to: index, timeStep: timeStep) }
      try field.arrive(at: Stage(step: step, index: index, timeStep: timeStep), trainedOn: positions[0])
      recorder?.arrived(at: positions[0])
      for (number, (motion, positions)) in zip(motions, positions).enumerated() {
        try field.velocities(of: motion.set, at: positions, into: motion.stageVelocity)
        if number == 0 { try recorder?.collect(motion.stageVelocity) }
        motion.collect(index)
      }
    }
  }

  /// The root mean square over the trained particles of a step's estimated error; nil where the method has no estimate.
  /// Collective.
  private func error() throws -> Double? {
    guard control.mayReject, motions[0].table.estimatesError else { return nil }
    let failed = try ExactSum.untilExact(
      [errors],
      add: { motions[0].forEachBlock(ofErrors: { errors.add($0, to: 0) }) },
      reduce: { try communicator.allReduce(errors.buffer, .sum) })
    guard failed == nil else { return .infinity }
    return timeStep * (errors.numbers(0)[0] / Double(motions[0].set.count)).squareRoot()
  }

  package func record(into snapshot: inout Snapshot) {
    snapshot.record("field", field)
    snapshot.record("control", control)
    if let recorder { snapshot.record("recorder", recorder) }
    snapshot.add("error_limits", errors.limits)
    for motion in motions {
      let set = motion.set
      snapshot.add(set.name, set.positions, own: set.rows.rows, of: set.count)
      snapshot.record("motion_" + set.name, motion)
    }
  }

  package func restore(from snapshot: Snapshot) throws {
    try snapshot.restore("field", field)
    try snapshot.restore("control", control)
    if let recorder { try snapshot.restore("recorder", recorder) }
    errors.restore(limits: try snapshot.float64("error_limits"))
    for motion in motions { try snapshot.restore("motion_" + motion.set.name, motion) }
  }
}
