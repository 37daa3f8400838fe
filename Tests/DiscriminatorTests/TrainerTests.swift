import Discriminator
import Divergence
import MessagePassing
import Numerics
import Testing

@Suite(.serialized) struct TrainerTests {
  private let particles = Make.points(300, dimension: 2)
  private let targets = Make.points(260, dimension: 2, scale: 1, mean: 1.5)

  private func trainer(
    _ optimizer: OptimizerKind, _ formulation: Formulation, _ direction: Direction, constraint: any Constraint,
    seed: UInt64,
    threads: Int
  ) throws -> Trainer {
    let world = try #require(Job.world)
    let network = Make.network(
      Dense(hidden: [16, 8], activation: Make.activation(0)), constraint, dimension: 2,
      seed: seed)
    let particleBlocks = Blocks(rows: particles.rows, atMost: 128),
      targetBlocks = Blocks(rows: targets.rows, atMost: 128)
    return try Trainer(
      network: network,
      objective: Objective(
        divergence: formulation == .legendre ? AlphaDivergence() : KullbackLeibler(), formulation: formulation,
        direction: direction, referenceCount: direction == .forward ? targets.rows : particles.rows),
      training: Make.training(optimizer),
      particleRows: OwnRows(blocks: particleBlocks, own: 0..<particleBlocks.count),
      targets: targets, targetRows: OwnRows(blocks: targetBlocks, own: 0..<targetBlocks.count, memoryStart: 0),
      communicator: world, timings: Timings(), threads: threads)
  }

  private func bits(_ trainer: Trainer) -> [(name: String, values: Snapshot.Values)] { Snapshot(of: trainer).arrays }

  /// A trainer that takes over another's state goes on with the same bits, whatever it did before.
  @Test(
    arguments: [OptimizerKind.adam, .sgd],
    [
      (Formulation.donskerVaradhan, Direction.forward, Orthonormal() as any Constraint),
      (.donskerVaradhan, .reverse, Spectral()),
      (.legendre, .forward, Normalized()),
    ])
  func restored(optimizer: OptimizerKind, case: (Formulation, Direction, any Constraint)) throws {
    let (formulation, direction, constraint) = `case`
    let first = try trainer(optimizer, formulation, direction, constraint: constraint, seed: 1, threads: 1)
    let second = try trainer(optimizer, formulation, direction, constraint: constraint, seed: 2, threads: 2)
    _ = try first.train(on: particles)
    _ = try second.train(on: particles, iterations: 2, learningRate: 0.01)
    let state = Snapshot(of: first)
    #expect(state.arrays.map(\.name) == ["parameters", "optimizer", "objective", "limits"])
    let start = first.network.parameters
    let divergence = try first.train(on: particles)
    #expect(first.network.parameters != start)

    try second.restore(from: state)
    #expect(second.network.parameters == start)
    #expect(try second.train(on: particles) == divergence)
    for (a, b) in zip(bits(first), bits(second)) { #expect(a.values == b.values, "\(a.name)") }

    // Back to the state, as after a rejected step.
    try first.restore(from: state)
    #expect(try first.train(on: particles) == divergence)
    for (a, b) in zip(bits(first), bits(second)) { #expect(a.values == b.values, "\(a.name)") }
  }

  /// Training raises the objective.
  @Test func rises() throws {
    let trainer = try trainer(.adam, .donskerVaradhan, .forward, constraint: Spectral(), seed: 1, threads: 1)
    let before = try trainer.train(on: particles, iterations: 1, learningRate: 0.01)
    _ = try trainer.train(on: particles, iterations: 100, learningRate: 0.01)
    #expect(try trainer.train(on: particles, iterations: 1, learningRate: 0.01) > before + 0.1)
  }

  /// An array that is missing is an error, and changes nothing.
  @Test func missing() throws {
    let trainer = try trainer(.adam, .donskerVaradhan, .forward, constraint: Spectral(), seed: 1, threads: 1)
    let start = trainer.network.parameters
    #expect(throws: SnapshotError.self) { try trainer.restore(from: Snapshot()) }
    #expect(trainer.network.parameters == start)
  }

  /// Particles that are not finite are noticed.
  @Test func notFinite() throws {
    let trainer = try trainer(.adam, .donskerVaradhan, .forward, constraint: Spectral(), seed: 1, threads: 1)
    let broken = particles.copy()
    broken[7, 1] = .nan
    #expect(throws: NotFinite.self) { try trainer.train(on: broken) }
  }
}
