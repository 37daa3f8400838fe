import Discriminator
import Divergence
import Flows
import Numerics

/// What the network, as it was trained, attains of the divergence from targets that were kept back: near D where it has
/// learned what tells particles from targets, 0 or below where it has fitted single targets. It is looked at in some of the
/// steps, and stands still between.
final class HeldOut: Observable {
  static let column = "held_out"
  let columns = [column]
  let sums = 3

  private let rows: Matrix
  private let trainer: Trainer
  private let divergence: any FDivergence
  private let height: Int
  private var step = 1
  private var value = 0.0

  /// For held-out targets, (rows, dimension), whole on every rank, in blocks of up to `height` rows.
  init(_ rows: Matrix, trainer: Trainer, divergence: any FDivergence, height: Int) {
    self.rows = rows
    self.trainer = trainer
    self.divergence = divergence
    self.height = height
  }

  private var isForward: Bool { trainer.objective.direction == .forward }

  func add(_ flow: Flow, to sum: ExactSum, maxima: inout [Double]) {
    guard LookedAt.isDue(step) else { return }
    let set = flow.motions[0].set, pass = trainer.team.passes[0], objective = trainer.objective
    set.rows.forEach { _, first, rows in
      pass.forward(set.positions.row(first), rows: rows)
      if isForward {
        sum.add((0..<rows).reduce(0) { $0 + Double(pass.phi[$1]) }, to: 0)
      } else {
        let (values, slopes) = objective.weigh(pass.phi, count: rows, into: pass.weights)
        sum.add(values, to: 1)
        sum.add(slopes, to: 2)
      }
    }
  }

  func values(_ measured: Measured) -> [Double] {
    defer { step += 1 }
    guard LookedAt.isDue(step) else { return [value] }
    let phi = potentials(), count = measured.flow.motions[0].set.count
    if isForward {
      value =
        measured.sum.numbers(0)[0] / Double(count) - phi.withUnsafeBufferPointer { divergence.bestShift($0).value }
    } else {
      var objective = trainer.objective
      value =
        objective.evaluate(
          meanOfNumerator: phi.reduce(0, +) / Double(phi.count), values: measured.sum.numbers(1)[0],
          slopes: measured.sum.numbers(2)[0], referenceCount: count
        ).divergence
    }
    return [value]
  }

  /// phi of the held-out rows, in the same blocks on every rank.
  private func potentials() -> [Double] {
    let pass = trainer.team.passes[0]
    var phi: [Double] = []
    for first in stride(from: 0, to: rows.rows, by: height) {
      let count = min(height, rows.rows - first)
      pass.forward(rows.row(first), rows: count)
      phi += (0..<count).map { Double(pass.phi[$0]) }
    }
    return phi
  }

  func record(into snapshot: inout Snapshot) { snapshot.add("held_out", [Double(step), value]) }

  func restore(from snapshot: Snapshot) throws {
    step = try snapshot.count("held_out", at: 0)
    value = try snapshot.float64("held_out")[1]
  }
}
