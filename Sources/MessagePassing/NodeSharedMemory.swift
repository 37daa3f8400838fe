import CMPI
import Glibc
import Parameters

/// Memory that all ranks of a node see, held once a node.
///
/// Whoever writes calls ``synchronize()`` before others read.
package final class SharedWindow {
  /// The bytes, zero at first, aligned to 64.
  package let memory: UnsafeMutableRawPointer
  /// The number of bytes.
  package let bytes: Int
  /// The ranks of this node.
  package let node: Communicator
  /// The first ranks of all nodes, with the root of the job as their rank 0; nil on every other rank.
  package let leaders: Communicator?
  /// The number of nodes.
  package let nodes: Int
  private let length: Int

  /// Allocates `bytes` once on every node of `world`. Throws an ``AgreedError`` on all ranks, caused by a
  /// ``SharedMemoryError``, where a node does not have them. Collective over `world`.
  package init(bytes: Int, on world: Communicator) throws {
    try world.arrive(at: .sharedMemory, count: bytes)
    node = try world.node()
    leaders = try world.members(node.rank == 0)
    nodes = try node.broadcast(leaders?.size ?? 1, from: 0)
    self.bytes = bytes
    let page = max(Int(sysconf(Int32(_SC_PAGESIZE))), 64)
    length = (max(bytes, 1) + page - 1) / page * page
    let length = length, node = node
    let map = { try Self.map(length, page: page, node: node, on: world) }
    memory = try node.size > 1 && node.rank == 0 ? SharedFile.alone(map) : map()
  }

  deinit { munmap(memory, length) }

  /// Makes what any rank of the node has written visible to all of them. Collective over the node.
  package func synchronize() throws {
    gpa_fence()
    try node.barrier()
    gpa_fence()
  }

  /// Memory of whole pages: of a file that the node's first rank makes, or a lone rank's own.
  private static func map(
    _ length: Int, page: Int, node: Communicator, on world: Communicator
  ) throws -> UnsafeMutableRawPointer {
    var made: Result<SharedFile, any Error>?
    if node.size > 1, node.rank == 0 { made = Result { try SharedFile(making: length) } }
    let file = try? made?.get()
    // Without a name there is no file, and the first rank says why.
    let path = node.size > 1 ? try node.broadcast(file?.path ?? "", from: 0) : ""
    defer { file?.remove() }
    return try world.together {
      if node.size == 1 { return try own(length) }
      if path.isEmpty, node.rank > 0 { throw SharedMemoryError.ofAnotherRank(length) }
      let file = try made?.get() ?? SharedFile(opening: path, bytes: length)
      let pages = length / page
      return try file.map(
        reserving: pages * node.rank / node.size * page..<pages * (node.rank + 1) / node.size * page)
    }
  }

  private static func own(_ length: Int) throws -> UnsafeMutableRawPointer {
    let memory = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else {
      throw MemoryError(what: "memory of one piece", needed: Double(length), bound: String(cString: strerror(errno)))
    }
    return memory
  }
}

extension SharedMemoryError {
  /// What a rank throws where the node's first rank could not make the file; the first rank's own is reported.
  fileprivate static func ofAnotherRank(_ bytes: Int) -> SharedMemoryError {
    SharedMemoryError(folder: "/dev/shm", needed: bytes, present: nil, reason: "the node's first rank has no file")
  }
}
