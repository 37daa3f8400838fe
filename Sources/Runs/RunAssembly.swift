import Deck
import Discriminator
import Divergence
import MessagePassing
import Numerics
import Samples
import Storage
import Transport

/// The parts of a run, put together from a deck: data read and cut among the ranks, network, trainer, integrator.
package final class RunAssembly {
  /// The deck with numbers in the place of `auto`.
  let deck: Deck
  /// The keys that are `auto` in the deck as it was given.
  let automaticKeys: Set<String>
  package let scales: Scales
  /// The target's diameter, where L or the time step follow from it.
  let diameter: Double?
  let communicator: Communicator
  let timings = Timings()
  let nodes: Int
  let particles: BlockRun
  let targets: BlockRun
  let generated: BlockRun?
  let targetSet: TargetSet
  let ensemble: ParticleEnsemble
  let network: Network
  let field: DiscriminatorVelocity
  let integrator: Integrator
  let motion: Motion
  let trainer: Trainer

  /// Reads the data and builds the parts. Collective; an error of the input is thrown on all ranks alike.
  package init(_ declared: Deck, folder: String, threads: Int = 1, on communicator: Communicator) throws {
    self.communicator = communicator
    Products.useOneThread()
    let seed = UInt64(declared.seed)
    let source = try declared.source.open(role: .source, seed: seed, folder: folder, on: communicator)
    let target = try declared.target.open(role: .target, seed: seed, folder: folder, on: communicator)
    let carried = try declared.generated?.open(role: .generated, seed: seed, folder: folder, on: communicator)
    let dimension = target.dimension
    try communicator.together {
      guard source.dimension == dimension else {
        throw RunError.dimensions("source", source.dimension, target: dimension)
      }
      if let carried, carried.dimension != dimension {
        throw RunError.dimensions("generated", carried.dimension, target: dimension)
      }
    }

    let height = Blocks.height(totalRows: source.count + target.count)
    let particleBlocks = Blocks(rows: source.count, atMost: height)
    let targetBlocks = Blocks(rows: target.count, atMost: height)
    let dealt = Dealing.even(blocks: particleBlocks.count, ranks: communicator.size)
    let further = Dealing.level(blocks: targetBlocks.count, besides: dealt)
    particles = BlockRun(blocks: particleBlocks, own: dealt[communicator.rank])
    targets = BlockRun(blocks: targetBlocks, own: further[communicator.rank])
    generated = carried.map {
      let blocks = Blocks(rows: $0.count, atMost: height)
      let runs = Dealing.even(blocks: blocks.count, ranks: communicator.size)
      return BlockRun(blocks: blocks, own: runs[communicator.rank])
    }

    let node = try communicator.node()
    try NodeMemory.require(
      onEachRank: NodeMemory.bytes(
        particles: particles.rows.count + (generated?.rows.count ?? 0), dimension: dimension,
        hidden: declared.discriminator.hidden, threads: threads),
      once: 4 * Double(target.count) * Double(dimension), node: node, on: communicator)
    let targetSet = try target.shared(on: communicator)
    self.targetSet = targetSet
    target.release()
    let diameter = try declared.isAutomatic ? communicator.onRoot { SampleLengths(targetSet.rows).diameter } : nil
    let scales = try communicator.together { try declared.scales { diameter ?? 0 } }
    self.diameter = diameter
    automaticKeys = declared.automaticKeys
    self.scales = scales
    let deck = declared.resolved(scales)
    self.deck = deck
    let rows = try source.rows(particles.rows, on: communicator)
    source.release()
    let carriedRows = try generated.flatMap { try carried?.rows($0.rows, on: communicator) }
    carried?.release()
    ensemble = ParticleEnsemble(particles: rows, generated: carriedRows)

    network = Network(
      dimension: dimension, hidden: deck.discriminator.hidden, activation: deck.discriminator.activation,
      constraint: deck.discriminator.constraint, lipschitz: scales.lipschitz)
    if let file = deck.discriminator.initialWeights {
      let path = file.hasPrefix("/") || folder.isEmpty ? file : folder + "/" + file
      try InitialWeights.load(path, into: network, on: communicator)
    } else {
      network.initialise(from: RandomNumbers(seed: seed, purpose: .network))
    }
    network.constrain()

    let objective = Objective(
      divergence: deck.divergence.f, formulation: deck.divergence.formulation, direction: deck.divergence.direction,
      secondCount: deck.divergence.direction == .forward ? target.count : source.count)
    trainer = try Trainer(
      network: network, objective: objective, training: deck.training, particles: particles, targets: targets,
      targetSet: targetSet, communicator: communicator, timings: timings, threads: threads)
    field = DiscriminatorVelocity(
      trainer: trainer, particles: particles, targets: targets, targetSet: targetSet, generated: generated,
      communicator: communicator, timings: timings)
    integrator = Integrator(deck.transport.integrator, of: ensemble)
    motion = Motion(particles: particles, communicator: communicator)
    nodes = Int(try communicator.allReduce(node.rank == 0 ? 1 : 0, .sum))
  }

  /// Makes a time step without a record of it. Collective.
  package func step(timeStep: Double) throws {
    field.beginStep()
    try integrator.evaluate(field, timeStep: timeStep)
    integrator.move(timeStep: timeStep)
  }

  /// The bytes that this rank's particles, networks and sums take, without the target set.
  var bytes: Int {
    let rows = ensemble.particles.rows + (ensemble.generated?.rows ?? 0)
    let widths = deck.discriminator.hidden.reduce(0, +)
    let lasting = NodeMemory.bytes(
      particles: rows, dimension: targetSet.dimension, hidden: deck.discriminator.hidden, threads: trainer.team.size)
    return Int(lasting) + 4 * 2 * trainer.team.size * particles.blocks.height * widths
  }

  /// What the root says before the first step.
  func sayHeader(to console: Console, output: String, restartCommand: String) {
    let plural = communicator.size == 1 ? "" : "s"
    console.say("gpa-mpi \(version): \(deck.name)")
    console.say(
      "  \(particles.blocks.rows) particles move to \(targets.blocks.rows) target samples in \(targetSet.dimension) "
        + "dimensions" + (generated.map { "; \($0.blocks.rows) more are carried along" } ?? ""))
    console.say(
      "  divergence \(type(of: deck.divergence.f).name) (\(deck.divergence.formulation.rawValue), "
        + "\(deck.divergence.direction.rawValue)), L \(Text.short(scales.lipschitz)); network "
        + "\(network.widths.map(String.init).joined(separator: "-")), \(type(of: deck.discriminator.activation).name), "
        + "\(type(of: network.constraint).name)")
    console.say(
      "  \(deck.transport.integrator.name), time step \(Text.short(scales.timeStep)), \(deck.transport.steps) "
        + "steps of \(deck.training.iterations) iterations a stage")
    if let diameter {
      let reach = scales.lipschitz * diameter, step = scales.lipschitz * scales.timeStep / diameter
      console.say(
        "  auto: the target's diameter is \(Text.short(diameter)), L times it \(Text.short(reach)); a particle moves at most "
          + "\(Text.short(step)) diameters a step; smoothing \(Text.short(scales.smoothing))")
    }
    let threads = trainer.team.size
    console.say(
      "  \(communicator.size) rank\(plural)\(threads > 1 ? " of \(threads) threads" : "") on \(nodes) node\(nodes == 1 ? "" : "s"); \(particles.blocks.count) + "
        + "\(targets.blocks.count) blocks of up to \(particles.blocks.height) rows; memory per rank "
        + "\(Text.megabytes(bytes)), targets \(Text.megabytes(4 * targetSet.rows.count)) a node")
    console.say("  output: \(output)")
    console.say("  to continue after any end before the last step: \(restartCommand)")
    console.say()
  }
}
