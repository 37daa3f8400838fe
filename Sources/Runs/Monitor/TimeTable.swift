import Glibc
import MessagePassing

/// Where the time of a run went, and what would make it less.
package struct TimeTable {
  /// The phases, of which all but the whole add up to it.
  let phases: [Timings.Summary]
  /// The blocks of particles and targets that are shared.
  let blocks: Int
  /// The ranks, the most of them on a node, and the threads of each.
  let ranks: Int, ranksOnNode: Int, threads: Int
  /// The cores of this machine.
  let cores: Int

  /// The table of a job.
  init(_ phases: [Timings.Summary], of setup: Setup) {
    let ranks = setup.communicator.size
    self.init(
      phases, blocks: setup.sets[0].rows.blocks.count + setup.targetRows.blocks.count, ranks: ranks,
      ranksOnNode: (ranks + setup.nodes - 1) / setup.nodes, threads: setup.threads,
      cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// A table of given numbers.
  package init(_ phases: [Timings.Summary], blocks: Int, ranks: Int, ranksOnNode: Int, threads: Int, cores: Int) {
    self.phases = phases
    self.blocks = blocks
    self.ranks = ranks
    self.ranksOnNode = ranksOnNode
    self.threads = threads
    self.cores = cores
  }

  /// The lines of the table, and one of advice where there is any.
  package var lines: [String] {
    ["time, seconds      minimum      mean   maximum   share   imbalance"]
      + phases.map { phase in
        Text.left(phase.name, 16)
          + Text.format(
            "%10.3f%10.3f%10.3f%7.1f%%%12.2f", phase.minimum, phase.mean, phase.maximum, 100 * share(phase.name),
            phase.mean > 0 ? phase.maximum / phase.mean : 1)
      } + (advice.map { ["advice: " + $0] } ?? [])
  }

  private func phase(_ name: String) -> Timings.Summary? { phases.first { $0.name == name } }

  private func share(_ name: String) -> Double {
    guard let total = phase(Timings.total)?.mean, total > 0 else { return 0 }
    return (phase(name)?.mean ?? 0) / total
  }

  /// The first that holds of what slows runs down, the surest first; nil for runs too short to tell.
  package var advice: String? {
    guard let total = phase(Timings.total)?.mean, total > 1 else { return nil }
    let lanes = ranks * threads
    func percent(_ share: Double) -> String { Text.format("%.0f%%", 100 * share) }
    if blocks < lanes {
      return
        "\(blocks) blocks of rows keep \(blocks) of \(lanes) threads busy; fewer ranks do as well, more rows would use these"
    }
    if ranksOnNode * threads > cores {
      return
        "\(ranksOnNode) ranks of \(threads) threads share the \(cores) cores of a node; start at most one for each core"
    }
    if let training = phase("training"), share("all_reduce") > 0.2, training.maximum > 1.2 * training.minimum {
      return "ranks wait for each other for \(percent(share("all_reduce"))) of the time: the slowest computes "
        + Text.format("%.2f", training.maximum / max(training.minimum, 1e-9))
        + " times as long as the fastest; bind ranks to cores of their own (mpirun --bind-to core)"
    }
    if ranks > 1, share("all_reduce") > 0.3 {
      return
        "adding up over ranks takes \(percent(share("all_reduce"))) of the time; fewer ranks would take little longer"
    }
    if ranks > 1, share("optimizer") > 0.3 {
      return
        "the optimizer's step, which every rank makes alike, takes \(percent(share("optimizer"))) of the time: more ranks do "
        + "not shorten it, narrower layers do"
    }
    if share("output") > 0.1 {
      return
        "writing takes \(percent(share("output"))) of the time; a larger output.frames_every or checkpoint.every makes it less"
    }
    return nil
  }
}
