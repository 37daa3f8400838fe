import Discriminator
import Numerics
import Storage
import Transport

/// Collects the field of every stage of a step as it is evaluated, until the step is made.
package final class FlowRecorder: Stateful {
  private let field: TrainedField
  private let scale: CommonScale
  private let thinning: FieldThinning?
  private let isRoot: Bool
  private var stages: [RecordedStage?] = []
  /// The step that was made last, until it is taken; on the root.
  private var made: RecordedStep?

  /// A recorder of a field whose network is in a scale of the data; `thinning` leaves stages out. The root alone keeps what
  /// is recorded.
  package init(of field: TrainedField, in scale: CommonScale, thinning: FieldThinning? = nil, isRoot: Bool) {
    self.field = field
    self.scale = scale
    self.thinning = thinning
    self.isRoot = isRoot
  }

  /// The shape of what is recorded with an integrator.
  package func layout(_ method: Integrator) -> FlowLayout {
    field.trainer.network.flowLayout(
      method, in: scale, isWeighted: field.trainer.objective.direction == .reverse)
  }

  /// What has been left out so far; nil where nothing may be.
  package var leftOut: FlowFile.LeftOut? { thinning?.leftOut }

  /// The stages of a step are evaluated now, perhaps once more.
  func begin() {
    stages.removeAll(keepingCapacity: true)
    thinning?.begin()
  }

  /// The field has arrived at a stage; the velocities of the trained particles come next.
  func arrived(at positions: Matrix) { thinning?.look(at: positions) }

  /// The velocities of the trained particles are known. Collective where stages may be left out.
  func collect(_ velocities: Matrix) throws {
    if let thinning, try !thinning.keeps(velocities) { return stages.append(nil) }
    // What is left out is compared with the last field that is kept, on every rank.
    guard isRoot || thinning != nil else { return }
    let stage = field.recorded(in: isRoot ? scale : .none(dimension: scale.centre.count))
    thinning?.keep(stage)
    if isRoot { stages.append(stage) }
  }

  /// The step is made.
  func move(timeStep: Double, duration: Double) {
    thinning?.commit()
    if isRoot { made = RecordedStep(timeStep: timeStep, duration: duration, stages: stages) }
  }

  /// The step that was made last, once; on the root.
  package func take() -> RecordedStep? {
    defer { made = nil }
    return made
  }

  package func record(into snapshot: inout Snapshot) { if let thinning { snapshot.record("thinning", thinning) } }
  package func restore(from snapshot: Snapshot) throws {
    if let thinning { try snapshot.restore("thinning", thinning) }
  }
}

extension Network {
  /// The shape of a recorded flow of this network, which sees the data in a scale.
  package func flowLayout(_ method: Integrator, in scale: CommonScale, isWeighted: Bool) -> FlowLayout {
    let scaled = scale.isNone ? [] : architecture.scaledTensors, first = method.firstSteps
    return FlowLayout(
      tensors: layout.tensors.map {
        .init(name: $0.name, shape: $0.shape, offset: $0.offset, isScaled: scaled.contains($0.name))
      },
      stages: method.stages, firstSteps: first.count, firstStages: first.stages, isWeighted: isWeighted,
      isDouble: !scale.fitsFloat32)
  }
}
