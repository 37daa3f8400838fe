import Discriminator
import Divergence
import MessagePassing
import Numerics
import Storage
import Transport

/// The velocity of a recorded flow: phi is read where a trained field would train it.
package final class RecordedField: VelocityField {
  private let flow: FlowReader
  private let network: Network
  /// The threads and their passes through the network as it is now.
  package let team: BlockTeam
  private var objective: Objective
  private var factor: Float = 1

  /// The field of a recorded flow through a network of its architecture and an objective of its divergence, for blocks of up
  /// to `height` rows.
  package init(_ flow: FlowReader, network: Network, objective: Objective, height: Int, threads: Int) {
    self.flow = flow
    self.network = network
    self.objective = objective
    team = BlockTeam(network: network, height: height, threads: threads)
  }

  package func arrive(at stage: Stage, trainedOn positions: Matrix) throws {
    try flow.withField(step: stage.step, stage: stage.index) { parameters, weighting in
      if let start = parameters.baseAddress { network.effective.update(from: start, count: parameters.count) }
      guard let weighting else { return }
      objective.shift = weighting.shift
      objective.nu = weighting.nu
      factor = Float(weighting.factor)
    }
    network.effectiveChanged()
  }

  package func velocities(of set: ParticleSet, at positions: Matrix, into velocities: Matrix) {
    team.velocities(at: positions, set.rows, labels: set.labels, by: objective, factor: factor, into: velocities)
  }

  package func record(into snapshot: inout Snapshot) {}
  package func restore(from snapshot: Snapshot) throws {}
}

extension FlowReader {
  /// A flow of the recorded steps over a set, which may be any rows.
  package func flow(
    of set: ParticleSet, in field: RecordedField, by method: Integrator, bounds: Bounds?, on communicator: Communicator
  ) -> Flow {
    var map: AffineMap?
    if let start {
      map = AffineMap(
        start.shape.count == 2 ? .full(start.linear) : start.shape.count == 1 ? .diagonal(start.linear) : .identity,
        shift: start.shift)
    }
    return Flow(
      of: [set], in: field, by: method, control: RecordedSteps(timeSteps), unit: scale?.unit ?? 1, start: map,
      bounds: bounds, on: communicator)
  }
}
