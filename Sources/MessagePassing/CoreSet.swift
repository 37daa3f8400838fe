import CVector
import Glibc

/// Cores of a machine that processes may use, as their launcher, a batch system or a container binds them.
struct CoreSet {
  /// 4096 cores, a bit each.
  private var bits = SIMD64<UInt64>()

  /// The cores of a process, 0 for this one; none where the system does not tell.
  init(of process: pid_t = 0) {
    withUnsafeMutableBytes(of: &bits) { memory in
      _ = memory.baseAddress.map { gpa_core_set(process, $0.assumingMemoryBound(to: UInt8.self), memory.count) }
    }
  }

  private init(bits: SIMD64<UInt64>) { self.bits = bits }

  var count: Int { (0..<64).reduce(0) { $0 + bits[$1].nonzeroBitCount } }

  func union(_ other: CoreSet) -> CoreSet { CoreSet(bits: bits | other.bits) }

  /// Whether so many processes outnumber the cores.
  func isOutnumbered(by processes: Int) -> Bool { count > 0 && processes > count }

  /// The cores that the ranks of a node may use together. Collective over the node.
  static func ofAll(_ node: Communicator) throws -> CoreSet {
    try node.gather(CoreSet().bits).reduce(CoreSet(bits: .init())) { $0.union(CoreSet(bits: $1)) }
  }
}
