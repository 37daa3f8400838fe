import Numerics

/// The threads of a rank, which go through its blocks together, each with a pass of its own.
///
/// What a block gives does not depend on the thread that computes it, and exact sums not on their order: so threads change
/// no bit of a run.
package final class BlockTeam {
  /// The memory of each thread's pass, free for others between two calls of ``run(_:)``.
  package let passes: [BlockPass]
  private let threads: ThreadTeam

  /// A team of threads for blocks of up to `height` rows.
  package init(network: Network, height: Int, threads: Int) {
    let team = ThreadTeam(size: threads)
    self.threads = team
    passes = (0..<team.size).map { _ in BlockPass(network: network, height: height) }
  }

  /// The number of threads.
  package var size: Int { passes.count }

  /// Calls a body on every thread with its number and its pass, and waits for all.
  package func run(_ body: (_ thread: Int, _ pass: BlockPass) -> Void) {
    threads.run { body($0, passes[$0]) }
  }

  /// The blocks of a run, dealt to the threads.
  package func deal(_ run: BlockRun) -> [BlockRun] {
    run.parts(Dealing.even(blocks: run.own.count, ranks: size))
  }
}
