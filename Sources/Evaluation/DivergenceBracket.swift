import Discriminator
import Divergence
import MessagePassing
import Numerics
import Parameters
import Samples

/// A bracket of the Lipschitz-regularized divergence D_f^L(A|B) between two sample sets (eq. 4 of the paper).
package struct DivergenceBracket: Sendable {
  /// The largest lower bound; where rounding puts it above the upper one, that.
  package let lower: Double
  /// What the trained network attains.
  package let network: Double
  /// What the potentials of the transport problem attain; nil where the sets are too large for it or nothing finite was found.
  package let potentials: Double?
  /// The cost of a transport plan; nil where the sets are too large for it or nothing finite was found.
  package let upper: Double?
  /// Whether the sets were small enough for the transport problem.
  package let isSmall: Bool
  /// The optimizer steps of the network.
  package let iterations: Int
  /// How columns were matched by name; nil where they are taken by number.
  package let columns: ColumnMatch?
  /// The numbers of samples, and their dimension.
  package let counts: (first: Int, second: Int), dimension: Int

  /// The most pairs of samples, (of A) x (of B), for which an upper bound is computed.
  package static let mostPairs = TransportBounds.mostPairs

  /// The largest L times the spread of the samples that float32 leaves room for.
  static let mostReach = 1e10

  /// What is measured, and the network that measures it.
  package struct Settings: Sendable {
    let divergence: any FDivergence
    let formulation: Formulation
    /// L, finite and above 0.
    let lipschitz: Double
    let architecture: any Architecture
    let constraint: any Constraint
    let training: Training
    let seed: UInt64

    /// Settings of all parts.
    package init(
      divergence: any FDivergence, formulation: Formulation, lipschitz: Double, architecture: any Architecture,
      constraint: any Constraint, training: Training, seed: UInt64
    ) {
      self.divergence = divergence
      self.formulation = formulation
      self.lipschitz = lipschitz
      self.architecture = architecture
      self.constraint = constraint
      self.training = training
      self.seed = seed
    }
  }

  /// Measures D_f^L(first|second) of two open tables, whose columns are matched by name. Collective; an error of the input is
  /// thrown on all ranks alike.
  package static func measure(
    _ first: consuming SharedTable, _ second: consuming SharedTable, _ settings: Settings, on communicator: Communicator
  ) throws -> DivergenceBracket {
    try BLAS.prepare(on: communicator)
    var tables = [(set: "A", table: first), (set: "B", table: second)]
    let columns = try ColumnMatch.match(&tables, on: communicator)
    try communicator.together {
      let (a, b) = (tables[0].table.dimension, tables[1].table.dimension)
      guard a == b else {
        throw DimensionMismatch(first: a, second: b)
      }
    }
    let dimension = tables[0].table.dimension, counts = tables.map(\.table.count)
    try settings.requireMemory(counts: counts, dimension: dimension, on: communicator)
    let most = SampleLengths.mostSamples(dimension: dimension)
    var found: CommonScale?
    try communicator.onRoot { () throws -> Void in
      found = CommonScale(of: try tables.map { try $0.table.excerpt(atMost: most) }, radius: 1)
    }
    let scale = try CommonScale.ofRoot(found, dimension: dimension, on: communicator)
    let lipschitz = settings.lipschitz
    try communicator.together {
      let reach = lipschitz * scale.unit
      guard reach <= mostReach else { throw ReachTooLarge(reach: reach) }
    }
    let sets = [
      try tables.removeFirst().table.all(in: scale, on: communicator),
      try tables.removeFirst().table.all(in: scale, on: communicator),
    ]
    return try measure(sets[0], sets[1], unit: scale.unit, settings, columns: columns, on: communicator)
  }

  /// Measures D_f^L(first|second) of rows in a scale of this unit, whole on every rank. Collective.
  static func measure(
    _ first: Matrix, _ second: Matrix, unit: Double, _ settings: Settings, columns: ColumnMatch? = nil,
    on communicator: Communicator
  ) throws -> DivergenceBracket {
    let lipschitz = settings.lipschitz * unit, dimension = first.columns
    let network = Network(
      dimension: dimension, architecture: settings.architecture, constraint: settings.constraint,
      lipschitz: lipschitz)
    network.initialise(from: RandomNumbers(seed: settings.seed, purpose: .network))
    network.constrain()
    let bound = try NetworkBound(
      network: network, divergence: settings.divergence, formulation: settings.formulation,
      training: settings.training, first: first, second: second, on: communicator)
    try communicator.together { try bound.train() }

    let isSmall = first.rows <= mostPairs / second.rows
    var plan: [Double] = [-.infinity, .infinity]
    if isSmall, communicator.isRoot {
      let bounds = TransportBounds(
        first, second, lipschitz: lipschitz, divergence: settings.divergence)
      let found = PlanBound(bounds, start: bound.potentials)
      plan = [found.lower, found.upper]
    }
    try plan.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
    return DivergenceBracket(
      lower: min(max(bound.value, plan[0]), plan[1]), network: bound.value,
      potentials: plan[0].isFinite ? plan[0] : nil, upper: plan[1].isFinite ? plan[1] : nil, isSmall: isSmall,
      iterations: bound.iterations, columns: columns, counts: (first.rows, second.rows), dimension: dimension)
  }
}

extension DivergenceBracket.Settings {
  /// Throws a `MemoryError` where samples, network and transport plans do not fit into the memory. Collective.
  fileprivate func requireMemory(counts: [Int], dimension: Int, on communicator: Communicator) throws {
    let rows = Double(counts[0]) + Double(counts[1])
    let network = Trainer.bytes(
      for: architecture, dimension: dimension, height: Blocks.height(totalRows: counts[0] + counts[1]), threads: 1)
    let pairs = Double(counts[0]) * Double(counts[1])
    let plans = pairs <= Double(DivergenceBracket.mostPairs) ? 4 * pairs : 0
    // Every rank holds phi of all samples for a moment.
    try NodeMemory.require(
      onEachRank: Double(network) + 8 * rows + (communicator.isRoot ? plans : 0), once: 4 * rows * Double(dimension),
      for: "samples, network and transport plans", advice: "measure fewer samples", on: communicator)
  }
}

/// Two sample sets of different dimensions.
struct DimensionMismatch: InputError {
  let first: Int
  let second: Int
  var description: String {
    "A has \(first) columns and B \(second): both must have the same, such as the same genes in the same order"
  }
}

/// An L that is too large for sets so wide.
struct ReachTooLarge: InputError {
  let reach: Double
  var description: String {
    "L times the spread of the samples is \(reach), beyond the \(DivergenceBracket.mostReach) that float32 leaves room for: "
      + "give a smaller --lipschitz"
  }
}
