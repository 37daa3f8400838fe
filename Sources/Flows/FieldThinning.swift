import Discriminator
import Divergence
import MessagePassing
import Numerics
import Storage
import Transport

/// Tells which stages of a recorded flow may be left out: those at which the last field that was kept gives the trained
/// particles nearly the same velocities, |v - v'| <= tolerance |v| in the root mean square over them.
package final class FieldThinning: Stateful {
  private let tolerance: Double
  private let network: Network
  private let team: BlockTeam
  private let rows: OwnRows
  private let labels: RowLabels?
  private let communicator: Communicator
  private var objective: Objective
  /// The velocities by the last field that was kept.
  private let velocities: Matrix
  private let sums = ExactSum(groupSizes: [1, 1])
  /// The last field that was kept, in this step and in those that were made.
  private var newest: RecordedStage?, committed: RecordedStage?
  private var pending = FlowFile.LeftOut()
  /// What has been left out of the steps that were made.
  package private(set) var leftOut = FlowFile.LeftOut()

  /// For a field of a network like this one, with an objective, over these particles.
  package init(
    tolerance: Double, network: Network, objective: Objective, particles: ParticleSet, threads: Int,
    on communicator: Communicator
  ) {
    self.tolerance = tolerance
    self.network = Network(
      dimension: network.dimension, outputs: network.outputs, architecture: network.architecture,
      constraint: network.constraint, lipschitz: network.lipschitz)
    self.objective = objective
    rows = particles.rows
    labels = particles.labels
    self.communicator = communicator
    team = BlockTeam(network: self.network, height: rows.blocks.height, threads: threads)
    velocities = Matrix(rows: rows.rows.count, columns: network.dimension)
  }

  func begin() {
    newest = committed
    pending = leftOut
    take(newest)
  }

  /// Evaluates the last field at positions, which may be overwritten afterwards.
  func look(at positions: Matrix) {
    guard let newest else { return }
    team.velocities(
      at: positions, rows, labels: labels, by: objective, factor: Float(newest.weighting?.factor ?? 1), into: velocities
    )
  }

  /// Whether the field that gives these velocities has to be kept. Collective.
  func keeps(_ new: Matrix) throws -> Bool {
    guard newest != nil else { return true }
    let columns = new.columns
    let failed = try ExactSum.untilExact(
      [sums],
      add: {
        rows.forEach { _, first, rows in
          var change = 0.0, whole = 0.0
          let new = new.row(first), old = velocities.row(first)
          for i in 0..<rows * columns {
            let difference = Double(new[i]) - Double(old[i])
            change += difference * difference
            whole += Double(new[i]) * Double(new[i])
          }
          sums.add(change, to: 0)
          sums.add(whole, to: 1)
        }
      },
      reduce: { try communicator.allReduce(sums.buffer, .sum) })
    let change = sums.numbers(0)[0], whole = sums.numbers(1)[0]
    guard failed == nil, whole > 0, change <= tolerance * tolerance * whole else { return true }
    let share = (change / whole).squareRoot()
    pending.count += 1
    pending.largest = max(pending.largest, share)
    pending.sum += share
    return false
  }

  func keep(_ stage: RecordedStage) {
    newest = stage
    take(stage)
  }

  func commit() {
    committed = newest
    leftOut = pending
  }

  private func take(_ stage: RecordedStage?) {
    guard let stage else { return }
    network.effective.update(from: stage.parameters, count: stage.parameters.count)
    network.effectiveChanged()
    objective.shift = stage.weighting?.shift ?? 0
    objective.nu = stage.weighting?.nu ?? 0
  }

  package func record(into snapshot: inout Snapshot) {
    let weighting = committed?.weighting
    snapshot.add(
      "kept", committed?.parameters ?? [Float](repeating: 0, count: network.layout.count))
    snapshot.add(
      "numbers",
      [
        committed == nil ? 0 : 1, weighting == nil ? 0 : 1, weighting?.shift ?? 0, weighting?.nu ?? 0,
        weighting?.factor ?? 1, Double(leftOut.count), leftOut.largest, leftOut.sum,
      ])
    snapshot.add("limits", sums.limits)
  }

  package func restore(from snapshot: Snapshot) throws {
    let numbers = try snapshot.float64("numbers")
    let weighting = RecordedStage.Weighting(shift: numbers[2], nu: numbers[3], factor: numbers[4])
    committed =
      numbers[0] == 0
      ? nil
      : RecordedStage(
        parameters: try snapshot.float32("kept"), weighting: numbers[1] == 0 ? nil : weighting)
    leftOut.count = try snapshot.count("numbers", at: 5)
    (leftOut.largest, leftOut.sum) = (numbers[6], numbers[7])
    sums.restore(limits: try snapshot.float64("limits"))
  }
}
