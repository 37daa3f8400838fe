import Deck
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
  /// The numbers of samples, and their dimension.
  package let counts: (first: Int, second: Int), dimension: Int

  /// The most pairs of samples, (of A) x (of B), for which an upper bound is computed.
  package static let mostPairs = TransportBounds.mostPairs

  /// The largest L times the spread of the samples that float32 leaves room for.
  static let mostReach = 1e10

  /// Measures D_f^L(source|target) of a deck, with its divergence, network and seed. Collective; an error of the input is
  /// thrown on all ranks alike.
  package static func measure(
    _ deck: Deck, lipschitz: Double, folder: String, on communicator: Communicator
  ) throws -> DivergenceBracket {
    let seed = UInt64(deck.seed)
    let first = try deck.source.open(role: .source, seed: seed, folder: folder, on: communicator)
    let second = try deck.target.open(role: .target, seed: seed, folder: folder, on: communicator)
    try communicator.together {
      guard first.dimension == second.dimension else {
        throw DimensionMismatch(first: first.dimension, second: second.dimension)
      }
    }
    let sets = [try first.shared(on: communicator), try second.shared(on: communicator)]
    first.release()
    second.release()
    let scale = CommonScale(sets)
    try communicator.together {
      let reach = lipschitz * scale.unit
      guard reach <= mostReach else { throw ReachTooLarge(reach: reach) }
    }
    // Nobody may change what another still measures.
    try communicator.barrier()
    for set in sets { try scale.apply(to: set, on: communicator) }

    let network = Network(
      dimension: first.dimension, hidden: deck.discriminator.hidden, activation: deck.discriminator.activation,
      constraint: deck.discriminator.constraint, lipschitz: lipschitz * scale.unit)
    network.initialise(from: RandomNumbers(seed: seed, purpose: .network))
    network.constrain()
    let bound = try NetworkBound(
      network: network, divergence: deck.divergence.f, formulation: deck.divergence.formulation,
      training: deck.training, first: sets[0], second: sets[1], on: communicator)
    try communicator.together { try bound.train() }

    let isSmall = first.count <= mostPairs / second.count
    var plan: [Double] = [-.infinity, .infinity]
    if isSmall, communicator.isRoot {
      let bounds = TransportBounds(
        sets[0].rows, sets[1].rows, lipschitz: lipschitz * scale.unit, divergence: deck.divergence.f)
      let found = PlanBound(bounds, start: bound.potentials)
      plan = [found.lower, found.upper]
    }
    try plan.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
    return DivergenceBracket(
      lower: min(max(bound.value, plan[0]), plan[1]), network: bound.value,
      potentials: plan[0].isFinite ? plan[0] : nil, upper: plan[1].isFinite ? plan[1] : nil, isSmall: isSmall,
      iterations: bound.iterations, counts: (first.count, second.count), dimension: first.dimension)
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
