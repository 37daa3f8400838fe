import Discriminator
import Divergence
import MessagePassing
import Numerics
import Samples
import Transport

/// The velocity -grad of the first variation of D in P: -grad phi for D(P|Q); for D(Q|P) the gradient of phi times the
/// weight of the second measure, exp(phi) / E_P[exp(phi)] or f*'(phi - nu).
final class DiscriminatorVelocity: VelocityField {
  private let trainer: Trainer
  private let particles: BlockRun
  private let targets: BlockRun
  private let targetSet: TargetSet
  private let generated: BlockRun?
  private let communicator: Communicator
  private let timings: Timings
  /// The partition sum; its limits go from step to step.
  let partition = ExactSum(groupSizes: [1])
  private var scale = 1.0
  /// The trainer's, with a shift that fits phi at the particles.
  private var objective: Objective
  /// The divergence at each training of this time step.
  private(set) var divergences: [Double] = []

  init(
    trainer: Trainer, particles: BlockRun, targets: BlockRun, targetSet: TargetSet, generated: BlockRun?,
    communicator: Communicator, timings: Timings
  ) {
    self.targets = targets
    self.targetSet = targetSet
    self.trainer = trainer
    objective = trainer.objective
    self.particles = particles
    self.generated = generated
    self.communicator = communicator
    self.timings = timings
  }

  /// Forgets the trainings of the step before.
  func beginStep() { divergences.removeAll(keepingCapacity: true) }

  func adapt(to particles: Matrix) throws {
    do {
      divergences.append(try trainer.train(on: particles))
    } catch let error as NotFinite {
      throw try NonFinite.located(error, isOwn: !isFinite(particles), on: communicator)
    }
  }

  func velocities(ofParticles positions: Matrix, into velocities: Matrix) throws {
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
        throw try NonFinite.located(
          NotFinite(quantity: "the partition sum"), isOwn: !isFinite(positions), on: communicator)
      }
      scale = Double(particles.blocks.rows) / sum
    }
    evaluate(positions, particles, into: velocities)
  }

  func velocities(ofGenerated positions: Matrix, into velocities: Matrix) throws {
    guard let generated else { return }
    evaluate(positions, generated, into: velocities)
  }

  /// Whether the own particles and phi of them and of the own targets are finite, as the network is now.
  private func isFinite(_ positions: Matrix) -> Bool {
    var isFinite = positions.isFinite
    let pass = trainer.team.passes[0]
    func look(_ points: UnsafePointer<Float>, _ rows: Int) {
      pass.forward(points, rows: rows)
      for row in 0..<rows where !pass.phi[row].isFinite { isFinite = false }
    }
    particles.forEach { _, first, rows in look(positions.row(first), rows) }
    let origin = targets.rows.lowerBound
    targets.forEach { _, first, rows in look(targetSet.rows.row(origin + first), rows) }
    return isFinite
  }

  private var isWeighted: Bool { trainer.objective.direction == .reverse }

  private func evaluate(_ positions: Matrix, _ run: BlockRun, into velocities: Matrix) {
    let objective = objective, factor = Float(scale), parts = trainer.team.deal(run)
    timings.measure(.velocity) {
      trainer.team.run { thread, pass in
        parts[thread].forEach { _, first, rows in
          pass.forward(positions.row(first), rows: rows)
          if isWeighted {
            _ = objective.weigh(pass.phi, count: rows, into: pass.weights, capped: false)
            for row in 0..<rows { pass.weights[row] *= factor }
          } else {
            pass.weights.update(repeating: -1, count: rows)
          }
          pass.inputGradient(rows: rows, into: velocities.row(first))
        }
      }
    }
  }

  /// The sum over all particles of exp(phi - shift); nil where the shift is so far off that the
  /// weights are useless. Collective.
  private func partitionSum(_ positions: Matrix) throws -> Double? {
    let pass = trainer.team.passes[0]
    while true {
      partition.clear()
      particles.forEach { _, first, rows in
        pass.forward(positions.row(first), rows: rows)
        partition.add(objective.weigh(pass.phi, count: rows, into: pass.weights, capped: false).values, to: 0)
      }
      try communicator.allReduce(partition.buffer, .sum)
      switch partition.finish() {
      case .again: continue
      case .notFinite: return nil
      case .exact:
        let sum = partition.numbers(0)[0], mean = sum / Double(particles.blocks.rows)
        return mean > 0x1p-60 && mean < 0x1p60 ? sum : nil
      }
    }
  }

  /// The largest phi of all particles; infinity where one is not a number. Collective.
  private func largestPhi(_ positions: Matrix) throws -> Double {
    var largest = -Double.infinity
    let pass = trainer.team.passes[0]
    particles.forEach { _, first, rows in
      pass.forward(positions.row(first), rows: rows)
      for row in 0..<rows {
        let phi = Double(pass.phi[row])
        largest = phi.isNaN ? .infinity : max(largest, phi)
      }
    }
    return try communicator.allReduce(largest, .maximum)
  }
}
