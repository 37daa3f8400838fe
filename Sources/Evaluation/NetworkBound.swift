import Discriminator
import Divergence
import MessagePassing
import Numerics
import Samples

/// A lower bound of D_f^L(P|Q) between two fixed sets of equally weighted points: what an L-Lipschitz network attains that is
/// trained until it gains no more.
final class NetworkBound {
  /// The largest value found. With a constraint that holds everywhere it is a bound up to the rounding of float32.
  private(set) var value = 0.0
  /// The optimizer steps made.
  private(set) var iterations = 0
  private let trainer: Trainer
  private let first: Matrix
  private let second: Matrix
  private let own: Matrix
  private let firstBlocks: Blocks
  private let secondBlocks: Blocks

  /// Learning rates, one after the other: the last are so small that the network's own noise does not count.
  private static let rates = (0..<10).map { 0.014 / Double(1 << $0) }
  /// A rate is left when so many stretches of iterations in a row have gained less than this part.
  private static let stretch = 100, patience = 12, gain = 1e-4
  private static let mostStretches = 80

  /// A bound by a network. Both sets are held once a node; the ranks share the work as in a run. Collective.
  init(
    network: Network, divergence: any FDivergence, formulation: Formulation, training: Training, first: Matrix,
    second: Matrix, on communicator: Communicator
  ) throws {
    self.first = first
    self.second = second
    let height = Blocks.height(totalRows: first.rows + second.rows)
    firstBlocks = Blocks(rows: first.rows, atMost: height)
    secondBlocks = Blocks(rows: second.rows, atMost: height)
    let dealt = Dealing.even(blocks: firstBlocks.count, ranks: communicator.size)
    let further = Dealing.balance(blocks: secondBlocks.count, besides: dealt)
    let particles = OwnRows(blocks: firstBlocks, own: dealt[communicator.rank])
    let rows = particles.rows
    own = Matrix(viewing: first.row(rows.lowerBound), rows: rows.count, columns: first.columns, owner: first)
    trainer = try Trainer(
      network: network,
      objective: Objective(
        divergence: divergence, formulation: formulation, direction: .forward, referenceCount: second.rows),
      training: training, particleRows: particles, targets: second,
      targetRows: OwnRows(blocks: secondBlocks, own: further[communicator.rank], memoryStart: 0),
      communicator: communicator, timings: Timings())
  }

  /// Trains. Collective; throws ``NotFinite`` on every rank alike.
  func train() throws {
    value = max(value, currentValue())
    for rate in Self.rates {
      var best = -Double.infinity, waited = 0
      for _ in 0..<Self.mostStretches where waited < Self.patience {
        let mean = try trainer.train(on: own, iterations: Self.stretch, learningRate: rate)
        iterations += Self.stretch
        waited = mean > best + Self.gain * abs(mean) ? 0 : waited + 1
        best = max(best, mean)
      }
      value = max(value, currentValue())
    }
  }

  /// phi of the second set's points.
  var potentials: [Double] { phi(second, secondBlocks) }

  /// What the network attains now, with the best shift nu. Every rank computes all of it, so all find the same.
  private func currentValue() -> Double {
    let mean = phi(first, firstBlocks).reduce(0, +) / Double(first.rows)
    return potentials.withUnsafeBufferPointer { mean - trainer.objective.divergence.bestShift($0).value }
  }

  private func phi(_ points: Matrix, _ blocks: Blocks) -> [Double] {
    let pass = trainer.team.passes[0], phi = pass.phi
    var values: [Double] = []
    values.reserveCapacity(points.rows)
    for block in 0..<blocks.count {
      let rows = blocks.rows(of: block)
      pass.forward(points.row(rows.lowerBound), rows: rows.count)
      for row in 0..<rows.count { values.append(Double(phi[row])) }
    }
    return values
  }
}
