/// The memory of the machines that a job is spread over, looked at before anything large is allocated, as there is no message
/// any more where an allocation fails.
package enum NodeMemory {
  /// What a process needs beside what is counted: output buffers, libraries, threads' stacks.
  private static let margin = 32e6

  /// Throws a ``MemoryError`` where the ranks of a node need more than there is: memory of the machine, or what a container,
  /// a batch job or a limit of the shell leaves of it. `once` are the bytes that a node holds for all its ranks. Collective.
  package static func require(
    onEachRank bytes: Double, once: Double, for what: String, advice: String, on communicator: Communicator
  ) throws {
    let node = try communicator.node(), resident = MemoryBounds.resident
    let needed = try node.allReduce(bytes, .sum) + once
    // What the other ranks hold is as much in use as what this one does.
    let others = try node.allReduce(resident, .sum) - resident
    // Memory that ranks share is part of each one's address space, and of nobody's data.
    let mapped = bytes + once + margin, data = bytes + (node.size == 1 ? once : 0) + margin
    let bounds = [
      (needed, MemoryBounds.shared(besides: others), "use more nodes, "),
      (mapped, MemoryBounds.addressSpace, "raise the limit, "), (data, MemoryBounds.data, "raise the limit, "),
    ]
    try communicator.together {
      for case (let needed, let bound?, let first) in bounds where needed > bound.left {
        throw MemoryError(what: what, needed: needed, bound: bound.words, advice: first + advice)
      }
    }
  }
}
