import Glibc
import MessagePassing

/// The memory of the machines that a run is spread over, looked at before anything large is allocated, as there is no
/// message any more where an allocation fails.
enum NodeMemory {
  /// The bytes of a rank's particles, each with its velocity and its predicted place, and of its network: in float32 the
  /// parameters as stored, used and last good, and, for every thread, packed for both directions and their gradient; in
  /// float64 the optimizer's moments and, for every thread, the sums over both measures.
  static func bytes(particles: Int, dimension: Int, hidden: [Int], threads: Int) -> Double {
    let widths = [dimension] + hidden + [1]
    let parameters = zip(widths, widths.dropFirst()).reduce(0.0) { $0 + (Double($1.0) + 1) * Double($1.1) }
    return 12 * Double(particles) * Double(dimension) + (28 + 28 * Double(threads)) * parameters
  }

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
