import Discriminator
import Divergence
import Flows
import MessagePassing
import Numerics
import Samples
import Storage
import Transport

/// From a deck to a flow: data read and cut among the ranks, `auto` replaced by numbers, network, trainer, field.
package struct Setup {
  /// The deck with numbers in the place of `auto`.
  package let deck: Deck
  /// The keys that are `auto` in the deck as it was given.
  let automaticKeys: Set<String>
  /// L, time step and smoothing.
  package let numbers: AutomaticNumbers
  /// What a look at the data told.
  let survey: Survey
  /// The scale in which particles, targets and network are; ``numbers`` are in the data's.
  let scale: CommonScale
  let communicator: Communicator
  let timings: Timings
  /// The number of machines.
  let nodes: Int
  /// All target samples, once a node.
  let targets: Matrix
  /// Those that this rank works on.
  let targetRows: OwnRows
  let network: Network
  /// What moves: each step is a step of every flow.
  package let flows: [Flow]
  /// The threads of a rank.
  let threads: Int
  /// The bytes that this rank's particles, network and training take, without the target set.
  let bytes: Int
  /// The checksum of the target set.
  let targetChecksum: UInt64
  /// What rows and columns are called; on the root.
  let names: RunNames
  /// The target set as it was read.
  let originalTargets: OriginalTargets
  /// What a user should know of how the files were read; on the root.
  let notes: [String]
  /// How columns were matched by name; nil where they are taken by number.
  let columns: ColumnMatch?

  /// The set that the field is trained on, and those that are carried along.
  var sets: [ParticleSet] { flows.flatMap { $0.motions.map(\.set) } }

  /// Reads the data and builds the parts. Collective; an error of the input is thrown on all ranks alike.
  package init(_ declared: Deck, folder: String, threads: Int = 1, on communicator: Communicator) throws {
    try BLAS.prepare(on: communicator)
    let timings = Timings()
    var data = try OpenData(declared, folder: folder, on: communicator)
    let counts = data.tables.map(\.table.count), dimension = data.dimension
    let cut = Cut(particles: counts[1], targets: counts[0], on: communicator)
    let rows = [cut.particles] + counts.dropFirst(2).map { cut.further($0, on: communicator) }

    let node = try communicator.node(), method = declared.transport.integrator
    bytes = Self.bytes(
      numbers: rows.reduce(0) { $0 + $1.rows.count } * dimension, declared, dimension: dimension,
      height: cut.particles.blocks.height, threads: threads)
    try NodeMemory.require(
      onEachRank: Double(bytes), once: 4 * Double(counts[0]) * Double(dimension),
      for: "particles, targets and network of this deck",
      advice: "lower a count or a dimension, or choose smaller layers", on: communicator)
    names = data.names
    notes = data.notes
    let survey = try Survey(data, on: communicator)
    let scale = declared.scale(survey)
    let (numbers, scaled) = try communicator.together { try declared.numbers(survey) }
    let deck = declared.resolved(numbers)
    originalTargets = OriginalTargets(data.tables[0].table)
    let targets = try data.tables.removeFirst().table.all(in: scale, on: communicator)
    let sets = try zip(["particles", "generated"], rows).map { name, rows in
      let positions = try data.tables.removeFirst().table.rows(rows.rows, in: scale, on: communicator)
      return ParticleSet(name: name, positions: positions, rows: rows)
    }

    network = try Self.network(
      deck.scaled(scaled), dimension: dimension, lipschitz: scaled.lipschitz, folder: folder, on: communicator)
    let objective = Objective(
      divergence: deck.divergence.f, formulation: deck.divergence.formulation, direction: deck.divergence.direction,
      referenceCount: deck.divergence.direction == .forward ? counts[0] : counts[1])
    let trainer = try Trainer(
      network: network, objective: objective, training: deck.training, particleRows: cut.particles,
      targets: targets, targetRows: cut.targets, communicator: communicator, timings: timings, threads: threads)
    let field = TrainedField(
      trainer: trainer, particles: sets[0], targets: targets, targetRows: cut.targets, communicator: communicator,
      timings: timings)
    let control: any StepControl =
      method.estimatesError
      ? ErrorControl(
        tolerance: (deck.transport.error ?? 0) * survey.diameter / scale.unit, order: method.order,
        timeStep: scaled.timeStep)
      : ScheduledSteps(timeStep: scaled.timeStep, schedule: deck.transport.schedule, steps: deck.transport.steps)
    flows = [Flow(of: sets, in: field, by: method, control: control, unit: scale.unit, on: communicator)]
    nodes = Int(try communicator.allReduce(node.rank == 0 ? 1 : 0, .sum))
    self.communicator = communicator
    self.timings = timings
    for name in ["output", "total"] { _ = timings.phase(name) }
    self.deck = deck
    self.numbers = numbers
    self.survey = survey
    self.scale = scale
    self.targets = targets
    columns = data.columns
    self.threads = threads
    targetChecksum = Checksum.of(UnsafePointer(targets.elements), count: targets.count)
    targetRows = cut.targets
    automaticKeys = declared.automaticKeys
  }

  /// The bytes of positions and motion of so many numbers, of network and training, and of the last good parameters.
  private static func bytes(numbers: Int, _ deck: Deck, dimension: Int, height: Int, threads: Int) -> Int {
    let architecture = deck.discriminator.architecture
    return 4 * numbers + Motion.bytes(numbers: numbers, by: deck.transport.integrator)
      + Trainer.bytes(for: architecture, dimension: dimension, height: height, threads: threads)
      + 4 * architecture.layout(of: dimension, outputs: 1).count
  }

  /// The network at its start, on its constraint.
  private static func network(
    _ deck: Deck, dimension: Int, lipschitz: Double, folder: String, on communicator: Communicator
  ) throws -> Network {
    let network = Network(
      dimension: dimension, architecture: deck.discriminator.architecture, constraint: deck.discriminator.constraint,
      lipschitz: lipschitz)
    if let file = deck.discriminator.initialWeights {
      try WeightFile.load(DeckFile.resolved(file, in: folder), into: network, on: communicator)
    } else {
      network.initialise(from: RandomNumbers(seed: UInt64(deck.seed), purpose: .network))
    }
    network.constrain()
    return network
  }
}

/// The target set as it was read, until the run's file holds it.
final class OriginalTargets {
  private var table: SharedTable?

  init(_ table: SharedTable) { self.table = table }

  /// Some rows as they were read, and gives them free; nil after that. Collective.
  func take(_ rows: Range<Int>, on communicator: Communicator) throws -> Matrix? {
    defer { table = nil }
    return try table.map { try $0.rows(rows, in: .none(dimension: $0.dimension), on: communicator) }
  }

  /// Gives the rows free.
  func drop() { table = nil }
}

/// The cut of particles and targets into blocks, dealt to the ranks.
private struct Cut {
  let particles: OwnRows
  let targets: OwnRows
  private let height: Int

  init(particles: Int, targets: Int, on communicator: Communicator) {
    height = Blocks.height(totalRows: particles + targets)
    let particleBlocks = Blocks(rows: particles, atMost: height), targetBlocks = Blocks(rows: targets, atMost: height)
    let dealt = Dealing.even(blocks: particleBlocks.count, ranks: communicator.size)
    let further = Dealing.balance(blocks: targetBlocks.count, besides: dealt)
    self.particles = OwnRows(blocks: particleBlocks, own: dealt[communicator.rank])
    // Every rank sees all targets.
    self.targets = OwnRows(blocks: targetBlocks, own: further[communicator.rank], memoryStart: 0)
  }

  /// The rows of another set, dealt evenly.
  func further(_ count: Int, on communicator: Communicator) -> OwnRows {
    let blocks = Blocks(rows: count, atMost: height)
    return OwnRows(blocks: blocks, own: Dealing.even(blocks: blocks.count, ranks: communicator.size)[communicator.rank])
  }
}
