import Flows
import MessagePassing
import Numerics

/// One number or more of every time step, measured while the step is proposed and no particle has moved: columns of
/// metrics.csv and datasets under `/metrics` of run.h5.
///
/// What particles contribute is summed exactly over all of them, or is a maximum; all observables share the collectives of
/// a step. What an observable remembers from step to step is its snapshot.
package protocol Observable: Stateful {
  /// The names of its numbers, in order.
  var columns: [String] { get }
  /// How many numbers it sums exactly; each is a sum of its own.
  var sums: Int { get }
  /// How many maxima of numbers of 0 or above it takes.
  var maxima: Int { get }
  /// Fetches from other ranks what sums do not hold. It is called once a step, before the others; collective.
  func gather(_ flow: Flow, on communicator: Communicator) throws
  /// Adds what this rank's particles contribute: block by block to the groups of `sum`, and to `maxima`. It may be called
  /// more than once a step.
  func add(_ flow: Flow, to sum: ExactSum, maxima: inout [Double])
  /// The numbers of a step, from the sums and maxima over all ranks. It is called once a step, on every rank alike.
  func values(_ measured: Measured) -> [Double]
}

/// What is known of a proposed step on every rank.
package struct Measured {
  /// The flow.
  let flow: Flow
  /// The observable's sums over all particles, a group each.
  let sum: ExactSum
  /// Its maxima.
  let maxima: [Double]
  /// The numbers of the observables before it in the list, by column.
  let earlier: [String: Double]
}

extension Observable {
  package var sums: Int { 0 }
  package var maxima: Int { 0 }
  package func gather(_ flow: Flow, on communicator: Communicator) throws {}
  package func add(_ flow: Flow, to sum: ExactSum, maxima: inout [Double]) {}
  package func record(into snapshot: inout Snapshot) {}
  package func restore(from snapshot: Snapshot) throws {}
}

/// What every run observes, in the order of the columns.
package func observables() -> [any Observable] { [Divergence(), Speeds(), DissipationBalance()] }

/// What a run observes that is set up.
func observables(_ setup: Setup) -> [any Observable] {
  var list = observables()
  let stop = setup.deck.stop
  list.append(Farthest(from: setup.targetCentre))
  if stop.automatic == true || stop.heldOut != nil, Memory.isPossible(targets: setup.targets.rows) {
    list.append(Memory(of: setup.sets[0], targets: setup.targets))
  }
  if !setup.deck.source.isDrawn, Structure.isPossible(particles: setup.sets[0].count) {
    list.append(Structure(of: setup.sets[0], unit: setup.scale.unit, diameter: setup.survey.diameter))
  }
  if let heldOut = setup.heldOut, let field = setup.flows[0].field as? TrainedField {
    list.append(
      HeldOut(
        heldOut, trainer: field.trainer, divergence: setup.deck.divergence.f,
        height: setup.sets[0].rows.blocks.height))
  }
  return list
}
