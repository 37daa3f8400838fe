import MessagePassing
import Numerics

/// The memory of the machines that a run is spread over, looked at before anything large is allocated, as there is no
/// message any more where an allocation fails.
package enum NodeMemory {
  /// What a process needs beside what is counted: output buffers, libraries, threads' stacks.
  private static let margin = 32e6

  /// Throws a `MemoryError` where the ranks of a node need more than there is: memory of the machine, or what a container,
  /// a batch job or a limit of the shell leaves of it. `once` are the bytes that a node holds for all its ranks. Collective.
  static func require(onEachRank bytes: Double, once: Double, node: Communicator, on communicator: Communicator) throws
  {
    let needed = try node.allReduce(bytes, .sum) + once
    // What the other ranks hold is as much in use as what this one does.
    let held = try node.allReduce(MemoryBounds.resident, .sum) - MemoryBounds.resident
    try communicator.together {
      if let bound = MemoryBounds.shared(), needed > bound.left - (bound.isOfMachine ? held : 0) {
        throw error(needed, bound, "use more nodes, ")
      }
      // Memory that ranks share is part of each one's address space.
      let data = bytes + (node.size == 1 ? once : 0) + margin
      if let bound = MemoryBounds.own(), data > bound.left { throw error(data, bound, "raise the limit, ") }
      if let bound = MemoryBounds.own(mapped: true), bytes + once + margin > bound.left {
        throw error(bytes + once + margin, bound, "raise the limit, ")
      }
    }
  }

  /// Sets OpenBLAS up: one thread, as the ranks are the parallelism, and its buffer. Throws a `MemoryError` where there is
  /// no room for it. Collective.
  package static func prepareBLAS(on communicator: Communicator) throws {
    try communicator.together {
      BLAS.useOneThread()
      guard !BLAS.reserve() else { return }
      throw MemoryError(
        what: "OpenBLAS's buffers", needed: Double(BLAS.bufferBytes),
        bound: MemoryBounds.own()?.words ?? "the system does not give them", advice: "raise the limit")
    }
  }

  private static func error(_ needed: Double, _ bound: MemoryBound, _ advice: String) -> MemoryError {
    MemoryError(
      what: "particles, targets and network of this deck", needed: needed, bound: bound.words,
      advice: advice + "lower a count or a dimension, or choose smaller layers")
  }
}
