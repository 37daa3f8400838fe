import Glibc
import MessagePassing

/// The memory of the machines that a run is spread over, looked at before anything large is allocated, as there is no
/// message any more where an allocation fails.
enum NodeMemory {
  /// Throws a ``RunError`` where the ranks of a node need more than the machine has; `once` are the bytes that a
  /// node holds for all its ranks. Collective.
  static func require(onEachRank bytes: Double, once: Double, node: Communicator, on communicator: Communicator) throws
  {
    let needed = try node.allReduce(bytes, .sum) + once
    let present = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    try communicator.together {
      guard present <= 0 || needed <= present else { throw RunError.memory(needed: needed, present: present) }
    }
  }
}
