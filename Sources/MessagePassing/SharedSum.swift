import CMPI
import CVector
import Glibc

/// Float64 numbers of every rank that are added up over all ranks, again and again: an all-reduce of fixed size and low
/// latency, for sums whose additions are exact, so that their order does not matter.
///
/// The numbers lie in the node's shared memory. Each rank of a node adds up a slice of them from all its ranks, and the
/// nodes' first ranks reduce the result among themselves by MPI. For 35 kB on two ranks this takes a
/// few microseconds, where MPI_Allreduce without a kernel's help takes tens.
public final class SharedSum {
  /// This rank's numbers, zero at first.
  public let numbers: UnsafeMutableBufferPointer<Double>
  /// The sums over all ranks after ``allReduce()``, until the next; with one rank the numbers themselves.
  public let sums: UnsafeMutableBufferPointer<Double>
  private let communicator: Communicator
  private let window: SharedWindow
  private let segments: UnsafeMutablePointer<Double>
  private let stride: Int
  private let flags: UnsafeMutablePointer<UInt>
  private var epoch: UInt = 0
  private let spins: Int

  /// A flag a cache line, so that raising one disturbs no other.
  private static let flagStride = 64 / MemoryLayout<UInt>.stride

  /// Memory for `count` numbers of every rank. Collective.
  public init(count: Int, on communicator: Communicator) throws {
    self.communicator = communicator
    let ranks = try communicator.node().size
    stride = (count + 7) / 8 * 8
    let flagBytes = 64 * ranks, numberBytes = 8 * stride * (ranks + 1)
    window = try SharedWindow(bytes: flagBytes + numberBytes, on: communicator)
    flags = window.memory.bindMemory(to: UInt.self, capacity: flagBytes / 8)
    segments = (window.memory + flagBytes).bindMemory(to: Double.self, capacity: numberBytes / 8)
    numbers = UnsafeMutableBufferPointer(start: segments + window.node.rank * stride, count: count)
    sums =
      communicator.size == 1 ? numbers : UnsafeMutableBufferPointer(start: segments + ranks * stride, count: count)
    // Where ranks outnumber cores, a rank that waits keeps another from arriving.
    spins = ranks > sysconf(Int32(_SC_NPROCESSORS_ONLN)) ? 1 : 20000
    try window.synchronize()
  }

  /// Adds the numbers of all ranks up. Collective. No rank may write to its numbers before it has returned, and none may
  /// read the sums after its next call.
  public func allReduce() throws {
    try communicator.arrive(at: .sharedSum, count: numbers.count)
    guard communicator.size > 1 else { return }
    let node = window.node
    meet()
    let lines = stride / 8
    add(from: 8 * (node.rank * lines / node.size), to: min(8 * ((node.rank + 1) * lines / node.size), sums.count))
    meet()
    if let leaders = window.leaders, leaders.size > 1 {
      try leaders.allReduce(sums, .sum)
    }
    if window.nodes > 1 { meet() }
  }

  /// Adds up the numbers of the node's ranks at places from `start` to `end`.
  private func add(from start: Int, to end: Int) {
    guard let result = sums.baseAddress else { return }
    let ranks = window.node.size, stride = stride, segments = segments
    var place = start
    while place < end {
      // Pieces that stay in the first cache while the ranks' numbers are added to them.
      let next = min(place + 1024, end)
      for i in place..<next { result[i] = segments[i] }
      for rank in 1..<ranks {
        let addends = segments + rank * stride
        for i in place..<next { result[i] += addends[i] }
      }
      place = next
    }
  }

  /// Waits until every rank of the node has come as far, and makes visible what they have written.
  private func meet() {
    epoch += 1
    let node = window.node
    gpa_flag_raise(flags + node.rank * Self.flagStride, epoch)
    for rank in 0..<node.size {
      let flag = flags + rank * Self.flagStride
      var turns = 0
      while gpa_flag_read(flag) < epoch {
        turns += 1
        if turns < spins { gpa_pause() } else { sched_yield() }
      }
    }
  }
}
