import Discriminator
import Divergence
import Flows
import Glibc
import MessagePassing
import Numerics
import Samples
import Storage
import Transforms
import Transport

/// From a deck to a flow: data read and cut among the ranks, `auto` replaced by numbers, network, trainer, field.
package struct Setup {
  /// The deck with numbers in the place of `auto`.
  package let deck: Deck
  /// The same with the activation in the network's scale.
  let scaledDeck: Deck
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
  /// The targets that are kept back, whole on every rank; nil where none are.
  let heldOut: Matrix?
  /// The targets' centre, in their scale.
  let targetCentre: [Float]
  /// How far from there a particle is lost, in the data's unit; nil where the target has no diameter.
  let range: Double?
  let network: Network
  /// What moves: each step is a step of every flow.
  package let flows: [Flow]
  /// L, time step and smoothing in the particles' scale.
  private let scaledNumbers: AutomaticNumbers
  let folder: String
  /// The threads of a rank.
  let threads: Int
  /// The bytes that this rank's particles, network and training take, without the target set.
  let bytes: Int
  /// The checksum of the target set.
  let targetChecksum: UInt64
  /// What rows and columns are called; on the root.
  let names: RunNames
  /// The class of all rows, where they are those of one; empty elsewhere.
  let label: String
  /// What took the rows of files to the space of the flow.
  let transforms: FittedTransforms
  /// Whether this flow stores its particles in the original space, too; of several flows their run does.
  let isDecoded: Bool
  /// The target set as it was read.
  let originalTargets: OriginalTargets
  /// What a user should know of how the files were read; on the root.
  let notes: [String]
  /// How columns were matched by name; nil where they are taken by number.
  let columns: ColumnMatch?

  /// The set that the field is trained on, and those that are carried along.
  var sets: [ParticleSet] { flows.flatMap { $0.motions.map(\.set) } }

  /// Reads the data and builds the parts of a deck that makes one flow. Collective; an error of the input is thrown on all
  /// ranks alike.
  package init(_ declared: Deck, folder: String, threads: Int = 1, on communicator: Communicator) throws {
    let data = try OpenData(declared, folder: folder, on: communicator)
    try self.init(declared, of: data, folder: folder, threads: threads, on: communicator)
  }

  /// Builds the parts for these data. Collective; an error of the input is thrown on all ranks alike.
  init(
    _ declared: Deck, of data: OpenData, folder: String, threads: Int = 1, on communicator: Communicator
  ) throws {
    try BLAS.prepare(on: communicator)
    let timings = Timings()
    var data = data
    let oversampling = declared.oversampling(rows: data.tables[1].table.count, targets: data.tables[0].table.count)
    var counts = data.tables.map(\.table.count)
    counts[1] *= oversampling?.times ?? 1
    let dimension = data.dimension, outputs = data.outputs
    let architecture = declared.discriminator.architecture
    try communicator.together { try ImageError.require(declared, dimension: dimension) }
    let cut = Cut(
      particles: counts[1], targets: counts[0],
      height: architecture.blockHeight(totalRows: counts[0] + counts[1]), on: communicator)
    let rows = [cut.particles] + counts.dropFirst(2).map { cut.further($0, on: communicator) }

    let node = try communicator.node(), method = declared.transport.integrator
    bytes = Self.bytes(
      numbers: rows.reduce(0) { $0 + $1.rows.count } * dimension, declared, dimension: dimension,
      outputs: outputs?.names.count ?? 1, height: cut.particles.blocks.height, threads: threads)
    try NodeMemory.require(
      onEachRank: Double(bytes), once: 4 * Double(counts[0]) * Double(dimension),
      for: "particles, targets and network of this deck",
      advice: "lower a count or a dimension, or choose smaller layers", on: communicator)
    names = data.names
    notes = data.notes
    label = data.label
    transforms = data.transforms
    isDecoded = !data.isPart && !data.transforms.isNone
    let survey = try Survey(data, declared, on: communicator)
    let scale = declared.scale(survey)
    let (numbers, scaled) = try communicator.together { try declared.numbers(survey) }
    let deck = declared.resolved(numbers)
    scaledDeck = deck.scaled(scaled)
    if let oversampling {
      data.tables[1].table = data.tables[1].table.enlarged(
        times: oversampling.times, deviations: survey.sourceDeviations.map { $0 * oversampling.noise },
        numbers: RandomNumbers(seed: UInt64(deck.seed), purpose: .oversampling))
    }
    originalTargets = OriginalTargets(data.tables[0].table)
    heldOut = try data.heldOut.map { try $0.all(in: scale, on: communicator) }
    let targets = try data.tables.removeFirst().table.all(in: scale, on: communicator)
    let sets = try zip(["particles", "generated"], rows).map { name, rows in
      let table = data.tables.removeFirst().table, own = table.ownCount
      let positions = try table.rows(rows.rows, in: scale, on: communicator)
      let labels = outputs.map {
        name == "particles" ? $0.particles(rows.rows) : RowLabels(Array($0.generated[rows.rows]))
      }
      return ParticleSet(name: name, positions: positions, rows: rows, reported: own, labels: labels)
    }
    let targetLabels = outputs.map { RowLabels($0.target) }

    network = try Self.network(
      scaledDeck, dimension: dimension, outputs: outputs?.names.count ?? 1, lipschitz: scaled.lipschitz,
      unit: scale.unit,
      folder: folder, on: communicator)
    let objective = Self.objective(deck, targets: counts[0], particles: counts[1])
    let trainer = try Trainer(
      network: network, objective: objective, training: deck.training, particleRows: cut.particles,
      particleLabels: sets[0].labels, targets: targets, targetRows: cut.targets, targetLabels: targetLabels,
      communicator: communicator, timings: timings, threads: threads, seed: UInt64(deck.seed))
    let field = TrainedField(
      trainer: trainer, warmUp: deck.training.warmUp ?? .number(0), particles: sets[0], targets: targets,
      targetRows: cut.targets, targetLabels: targetLabels, communicator: communicator, timings: timings)
    let control: any StepControl =
      method.estimatesError
      ? ErrorControl(
        tolerance: (deck.transport.error ?? 0) * survey.diameter / scale.unit, order: method.order,
        timeStep: scaled.timeStep)
      : ScheduledSteps(timeStep: scaled.timeStep, schedule: deck.transport.schedule, steps: deck.transport.steps)
    let recorder =
      deck.flow.record && !deck.flow.isGivenUp
      ? FlowRecorder(
        of: field, in: scale,
        thinning: deck.flow.tolerance > 0
          ? FieldThinning(
            tolerance: deck.flow.tolerance, network: network, objective: objective, particles: sets[0],
            threads: threads, on: communicator) : nil,
        isRoot: communicator.isRoot) : nil
    flows = [
      Flow(
        of: sets, in: field, by: method, control: control, unit: scale.unit,
        start: survey.alignment.map?.inScale(scale),
        bounds: deck.transport.bounds.map { Bounds($0[0], $0[1], in: scale) }, recorder: recorder, on: communicator)
    ]
    (targetCentre, range) = try Self.range(targets, sets[0], survey, scale, on: communicator)
    nodes = Int(try communicator.allReduce(node.rank == 0 ? 1 : 0, .sum))
    self.communicator = communicator
    self.timings = timings
    for name in ["metrics", "output", Timings.other, Timings.total] { _ = timings.phase(name) }
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
    scaledNumbers = scaled
    self.folder = folder
  }

  /// The trainer of another network with the same start, for the same particles and other targets, as many as the run's.
  /// Collective.
  func trainer(for other: Matrix) throws -> Trainer {
    ensure(other.rows == targets.rows, "as many targets")
    let network = try Self.network(
      scaledDeck, dimension: targets.columns, outputs: 1, lipschitz: scaledNumbers.lipschitz,
      unit: scale.unit, folder: folder,
      on: communicator)
    return try Trainer(
      network: network, objective: Self.objective(deck, targets: targets.rows, particles: sets[0].count),
      training: deck.training, particleRows: sets[0].rows, targets: other, targetRows: targetRows,
      communicator: communicator, timings: Timings(), threads: threads, seed: UInt64(deck.seed))
  }

  private static func objective(_ deck: Deck, targets: Int, particles: Int) -> Objective {
    Objective(
      divergence: deck.divergence.f, formulation: deck.divergence.formulation, direction: deck.divergence.direction,
      referenceCount: deck.divergence.direction == .forward ? targets : particles)
  }

  /// The targets' centre, and how far from there a particle is lost that was not as far out at the start: 100 diameters, or
  /// twice as far as targets and aligned particles reach. Collective.
  private static func range(
    _ targets: Matrix, _ particles: ParticleSet, _ survey: Survey, _ scale: CommonScale, on communicator: Communicator
  ) throws -> (centre: [Float], range: Double?) {
    let centre = zip(survey.targetCentre, scale.centre).map { Float(($0 - $1) / scale.unit) }
    func reach(_ rows: Matrix) -> Double {
      (0..<rows.rows).reduce(0) { most, row in
        let point = rows.row(row)
        return max(most, centre.indices.reduce(0) { $0 + pow(Double(point[$1] - centre[$1]), 2) })
      }.squareRoot()
    }
    let start = particles.positions.copy()
    survey.alignment.map?.inScale(scale).apply(to: start)
    let most = try communicator.allReduce(max(reach(targets), reach(start)), .maximum)
    return (centre, survey.diameter > 0 ? max(100 * survey.diameter, 2 * most * scale.unit) : nil)
  }

  /// The bytes of positions and motion of so many numbers, of network and training, and of the last good parameters.
  private static func bytes(
    numbers: Int, _ deck: Deck, dimension: Int, outputs: Int, height: Int, threads: Int
  ) -> Int {
    let architecture = deck.discriminator.architecture
    let isKept = deck.stop.automatic == true || deck.stop.heldOut != nil
    return (4 + (isKept ? 4 : 0) + (deck.flow.tolerance > 0 ? 4 : 0)) * numbers
      + Motion.bytes(numbers: numbers, by: deck.transport.integrator)
      + Trainer.bytes(
        for: architecture, dimension: dimension, outputs: outputs, height: height, threads: threads,
        hasPenalty: deck.discriminator.constraint.penalty != nil)
      + 4 * architecture.layout(of: dimension, outputs: outputs).count
  }

  /// The network at its start, on its constraint.
  private static func network(
    _ deck: Deck, dimension: Int, outputs: Int, lipschitz: Double, unit: Double, folder: String,
    on communicator: Communicator
  ) throws -> Network {
    let network = Network(
      dimension: dimension, outputs: outputs, architecture: deck.discriminator.architecture,
      constraint: deck.discriminator.constraint.inUnit(unit), lipschitz: lipschitz)
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

  init(particles: Int, targets: Int, height: Int, on communicator: Communicator) {
    self.height = height
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
