import Flows
import Numerics

/// A copy of what a run ends with where it ends with an earlier state: particles and network after a step.
final class BestState: Stateful {
  private let flows: [Flow]
  private let networks: [any Stateful]
  private let copies: [[Matrix]]
  private var parameters: [Snapshot]
  /// The step after which the state was kept; 0 before one was.
  private(set) var step = 0

  /// Of these flows, whose fields compute with these networks.
  init(of flows: [Flow], _ networks: [any Stateful]) {
    self.flows = flows
    self.networks = networks
    copies = flows.map { flow in flow.motions.map { $0.set.positions.copy() } }
    parameters = networks.map { network in
      var snapshot = Snapshot()
      network.record(into: &snapshot)
      return snapshot
    }
  }

  /// Keeps the state as it is, after a step.
  func keep(_ step: Int) {
    self.step = step
    for (flow, copies) in zip(flows, copies) {
      for (motion, copy) in zip(flow.motions, copies) { copy.assign(motion.set.positions) }
    }
    parameters = networks.map { network in
      var snapshot = Snapshot()
      network.record(into: &snapshot)
      return snapshot
    }
  }

  /// Brings the kept state back.
  func bringBack() throws {
    for (flow, copies) in zip(flows, copies) {
      for (motion, copy) in zip(flow.motions, copies) { motion.set.positions.assign(copy) }
    }
    for (network, snapshot) in zip(networks, parameters) { try network.restore(from: snapshot) }
  }

  func record(into snapshot: inout Snapshot) {
    snapshot.add("step", [Double(step)])
    for (flow, copies) in zip(flows, copies) {
      for (motion, copy) in zip(flow.motions, copies) {
        let set = motion.set
        snapshot.add(flow.name + set.name, copy, own: set.rows.rows, of: set.count)
      }
    }
    for (place, kept) in parameters.enumerated() {
      for (name, values) in kept.arrays {
        if case .float32(let values) = values { snapshot.add("\(name)_\(place)", values) }
      }
    }
  }

  func restore(from snapshot: Snapshot) throws {
    step = try snapshot.count("step", at: 0)
    for (place, kept) in parameters.enumerated() {
      for (name, _) in kept.arrays {
        guard parameters[place].replace(name, by: .float32(try snapshot.float32("\(name)_\(place)"))) else {
          throw SnapshotError(name: name)
        }
      }
    }
  }
}
