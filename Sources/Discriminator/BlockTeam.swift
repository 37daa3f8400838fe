import Numerics

/// The threads of a rank, which go through its blocks together, each with a pass of its own.
///
/// What a block gives does not depend on the thread that computes it, and exact sums not on their order: so threads change
/// no bit of a run.
package final class BlockTeam {
  /// Each thread's pass, free for others between two calls of ``run(_:)``.
  package let passes: [any BlockPass]
  private let threads: ThreadTeam

  /// A team of threads for blocks of up to `height` rows.
  package init(network: Network, height: Int, threads: Int) {
    let team = ThreadTeam(size: threads)
    self.threads = team
    passes = (0..<team.size).map { _ in network.architecture.makePass(of: network, height: height) }
  }

  /// The number of threads.
  package var size: Int { passes.count }

  /// Calls a body on every thread with its number and its pass, and waits for all.
  package func run(_ body: (_ thread: Int, _ pass: any BlockPass) -> Void) {
    threads.run { body($0, passes[$0]) }
  }

  /// A rank's blocks, dealt to the threads.
  package func deal(_ rows: OwnRows) -> [OwnRows] {
    rows.parts(Dealing.even(blocks: rows.own.count, ranks: size))
  }

  /// The largest phi of a rank's points, infinity where one is not a number; minus infinity where the rank has no point.
  package func largestPhi(of points: Matrix, _ rows: OwnRows, labels: RowLabels? = nil) -> Double {
    let parts = deal(rows)
    var largest = [Double](repeating: -.infinity, count: size)
    largest.withUnsafeMutableBufferPointer { largest in
      run { thread, pass in
        let phi = pass.phi
        var most = -Double.infinity
        parts[thread].forEach { _, first, rows in
          pass.forward(points.row(first), rows: rows, labels: labels?.at(first))
          for row in 0..<rows { most = phi[row].isNaN ? .infinity : max(most, Double(phi[row])) }
        }
        largest[thread] = most
      }
    }
    return largest.max() ?? -.infinity
  }
}
