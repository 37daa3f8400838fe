import CMPI
import CVector
import Glibc

/// Float64 numbers of every rank that are added up over all ranks, again and again: an all-reduce of fixed size and low
/// latency, for sums whose additions are exact, so that their order does not matter.
///
/// The numbers lie in the node's shared memory. Each rank of a node adds up a slice of them from all its ranks, and the
/// nodes' first ranks reduce the result among themselves by MPI. Many numbers lie in memory of the rank's own and go through
/// the shared memory chunk by chunk.
package final class SharedSum {
  /// This rank's numbers, zero at first.
  package let numbers: UnsafeMutableBufferPointer<Double>
  /// The sums over all ranks after ``allReduce()``, until the next; with one rank, and where they are many, the numbers
  /// themselves.
  package let sums: UnsafeMutableBufferPointer<Double>
  private let communicator: Communicator
  private let window: SharedWindow
  /// The node's memory: a segment for every rank, then one for their sums.
  private let segments: UnsafeMutablePointer<Double>
  private let stride: Int
  /// Memory of this rank's own, where the numbers do not fit into a segment.
  private let own: UnsafeMutableRawPointer?
  private let flags: UnsafeMutablePointer<UInt>
  private var epoch: UInt = 0
  private let spins: Int

  /// A flag a cache line, so that raising one disturbs no other.
  private static let flagStride = 64 / MemoryLayout<UInt>.stride

  /// The most numbers of a segment. A piece of so many stays in the second cache.
  private static let longestSegment = 1 << 15

  /// Memory for `count` numbers of every rank. Collective.
  package init(count: Int, on communicator: Communicator) throws {
    self.communicator = communicator
    let ranks = try communicator.node().size
    stride = (min(count, Self.longestSegment) + 7) / 8 * 8
    let flagBytes = 64 * ranks, segmentBytes = 8 * stride * (ranks + 1)
    window = try SharedWindow(bytes: flagBytes + segmentBytes, on: communicator)
    flags = window.memory.bindMemory(to: UInt.self, capacity: flagBytes / 8)
    segments = (window.memory + flagBytes).bindMemory(to: Double.self, capacity: segmentBytes / 8)
    if count > stride {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 8 * count, alignment: 64)
      own = memory
      let start = memory.initializeMemory(as: Double.self, repeating: 0, count: count)
      numbers = UnsafeMutableBufferPointer(start: start, count: count)
      sums = numbers
    } else {
      own = nil
      numbers = UnsafeMutableBufferPointer(start: segments + window.node.rank * stride, count: count)
      sums =
        communicator.size == 1 ? numbers : UnsafeMutableBufferPointer(start: segments + ranks * stride, count: count)
    }
    // Where ranks outnumber cores, a rank that waits keeps another from arriving.
    spins = try CoreSet.ofAll(communicator.node()).isOutnumbered(by: ranks) ? 1 : 20000
    try window.synchronize()
  }

  deinit { own?.deallocate() }

  /// Adds the numbers of all ranks up. Collective. No rank may write to its numbers before it has returned, and none may
  /// read the sums after its next call.
  package func allReduce() throws {
    try communicator.arrive(at: .sharedSum, count: numbers.count)
    guard communicator.size > 1 else { return }
    guard own != nil, let numbers = numbers.baseAddress else { return try addSegments(count: numbers.count) }
    let segment = segments + window.node.rank * stride, result = segments + window.node.size * stride
    for first in Swift.stride(from: 0, to: self.numbers.count, by: stride) {
      let count = min(stride, self.numbers.count - first)
      segment.update(from: numbers + first, count: count)
      try addSegments(count: count)
      (numbers + first).update(from: result, count: count)
    }
  }

  /// Adds up the first numbers of the segments of all ranks. No rank changes the result before all have arrived at the
  /// next call.
  private func addSegments(count: Int) throws {
    let node = window.node, lines = (count + 7) / 8
    let result = UnsafeMutableBufferPointer(start: segments + node.size * stride, count: count)
    meet()
    add(from: 8 * (node.rank * lines / node.size), to: min(8 * ((node.rank + 1) * lines / node.size), count))
    meet()
    if let leaders = window.leaders, leaders.size > 1 { try leaders.allReduce(result, .sum) }
    if window.nodes > 1 { meet() }
  }

  /// Adds up the numbers of the node's ranks at places from `start` to `end`.
  private func add(from start: Int, to end: Int) {
    let ranks = window.node.size, stride = stride, segments = segments, result = segments + ranks * stride
    guard ranks > 1 else { return result.update(from: segments, count: end) }
    let second = segments + stride
    var place = start
    while place < end {
      // Pieces that stay in the first cache while the ranks' numbers are added to them.
      let next = min(place + 1024, end)
      for i in place..<next { result[i] = segments[i] + second[i] }
      for rank in 2..<ranks {
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
