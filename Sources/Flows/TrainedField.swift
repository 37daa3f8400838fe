import Discriminator
import Divergence
import MessagePassing
import Numerics
import Parameters
import Storage
import Transport

/// The velocity -grad of the first variation of D in P: -grad phi for D(P|Q); for D(Q|P) the gradient of phi times the
/// weight of the reference P, exp(phi) / E_P[exp(phi)] or f*'(phi - nu). phi is trained at every stage.
package final class TrainedField: VelocityField {
  /// Who trains phi.
  package let trainer: Trainer
  /// The set that phi is trained on.
  private let particles: ParticleSet
  private let targets: Matrix
  private let targetLabels: RowLabels?
  private let targetRows: OwnRows
  private let communicator: Communicator
  private let velocityTime: Timings.Phase
  private let warmUp: AutomaticNumber
  /// The partition sum; its limits go from step to step.
  private let partition = ExactSum(groupSizes: [1])
  private var scale = 1.0
  /// The trainer's, with a shift that fits phi at the particles.
  private var objective: Objective
  /// The divergence at the first training of the newest time step, before the last optimizer step of that training.
  package private(set) var divergence = Double.nan

  /// The field of a trainer for these particles and targets, which makes `warmUp` optimizer steps before the first move, or
  /// as many as make the divergence rise.
  package init(
    trainer: Trainer, warmUp: AutomaticNumber = .number(0), particles: ParticleSet, targets: Matrix,
    targetRows: OwnRows, targetLabels: RowLabels? = nil, communicator: Communicator, timings: Timings
  ) {
    self.targets = targets
    self.targetLabels = targetLabels
    self.targetRows = targetRows
    self.trainer = trainer
    self.warmUp = warmUp
    objective = trainer.objective
    self.particles = particles
    self.communicator = communicator
    velocityTime = timings.phase("velocity")
  }

  package func arrive(at stage: Stage, trainedOn positions: Matrix) throws {
    do {
      if stage.step == 1, stage.index == 0 { try trainer.warmUp(warmUp, on: positions) }
      let value = try trainer.train(on: positions)
      if stage.index == 0 { divergence = value }
    } catch let error as NotFinite {
      throw try StepFailure.located(error, isOwn: !isFinite(positions), on: communicator)
    }
  }

  package func velocities(of set: ParticleSet, at positions: Matrix, into velocities: Matrix) throws {
    if set === particles { try fit(to: positions) }
    evaluate(positions, set, into: velocities)
  }

  /// Fits shift and scale of the weights to phi at the particles. Collective.
  private func fit(to positions: Matrix) throws {
    objective = trainer.objective
    if isWeighted, objective.formulation == .donskerVaradhan {
      var sum = try partitionSum(positions)
      if sum == nil {
        // One step of a far particle can leave the shift of the last training behind.
        let largest = try largestPhi(positions)
        if largest.isFinite {
          objective.start(largest: largest)
          sum = try partitionSum(positions)
        }
      }
      guard let sum else {
        throw try StepFailure.located(
          NotFinite(quantity: "the partition sum"), isOwn: !isFinite(positions), on: communicator)
      }
      scale = Double(particles.count) / sum
    }
  }

  /// Whether the own particles and phi of them and of the own targets are finite, as the network is now.
  private func isFinite(_ positions: Matrix) -> Bool {
    var isFinite = positions.isFinite
    let pass = trainer.team.passes[0], phi = pass.phi
    func look(_ points: Matrix, _ first: Int, _ rows: Int, _ labels: RowLabels?) {
      pass.forward(points.row(first), rows: rows, labels: labels?.at(first))
      for row in 0..<rows where !phi[row].isFinite { isFinite = false }
    }
    particles.rows.forEach { _, first, rows in look(positions, first, rows, particles.labels) }
    targetRows.forEach { _, first, rows in look(targets, first, rows, targetLabels) }
    return isFinite
  }

  private var isWeighted: Bool { trainer.objective.direction == .reverse }

  private func evaluate(_ positions: Matrix, _ set: ParticleSet, into velocities: Matrix) {
    velocityTime.measure {
      trainer.team.velocities(
        at: positions, set.rows, labels: set.labels, by: objective, factor: Float(scale), into: velocities)
    }
  }

  /// What a replay needs of the field as it is now, after the velocities of the trained particles; in the scale's data's
  /// coordinates as well.
  package func recorded(in scale: CommonScale) -> RecordedStage {
    let network = trainer.network
    return RecordedStage(
      parameters: Array(UnsafeBufferPointer(start: network.effective, count: network.layout.count)),
      inData: scale.isNone ? [] : network.phiArrays(in: scale).flatMap(\.values),
      weighting: isWeighted ? .init(shift: objective.shift, nu: objective.nu, factor: self.scale) : nil)
  }

  /// The sum over all particles of exp(phi - shift); nil where the shift is so far off that the
  /// weights are useless. Collective.
  private func partitionSum(_ positions: Matrix) throws -> Double? {
    let pass = trainer.team.passes[0]
    let failed = try ExactSum.untilExact(
      [partition],
      add: {
        particles.rows.forEach { _, first, rows in
          pass.forward(positions.row(first), rows: rows, labels: particles.labels?.at(first))
          partition.add(objective.weigh(pass.phi, count: rows, into: pass.weights, capped: false).values, to: 0)
        }
      },
      reduce: { try communicator.allReduce(partition.buffer, .sum) })
    guard failed == nil else { return nil }
    let sum = partition.numbers(0)[0], mean = sum / Double(particles.count)
    return mean > 0x1p-60 && mean < 0x1p60 ? sum : nil
  }

  /// The largest phi of all particles; infinity where one is not a number. Collective.
  private func largestPhi(_ positions: Matrix) throws -> Double {
    try communicator.allReduce(
      trainer.team.largestPhi(of: positions, particles.rows, labels: particles.labels), .maximum)
  }

  package func record(into snapshot: inout Snapshot) {
    snapshot.record("trainer", trainer)
    snapshot.add("partition_limits", partition.limits)
  }

  package func restore(from snapshot: Snapshot) throws {
    try snapshot.restore("trainer", trainer)
    partition.restore(limits: try snapshot.float64("partition_limits"))
  }
}
