import CMPI

/// Memory that all ranks of a node see, held once a node (`MPI_Win_allocate_shared`).
///
/// Whoever writes calls ``synchronize()`` before others read. Freed when the process ends.
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
  private let window: OpaquePointer

  /// Allocates `bytes` once on every node of `world`. Collective over `world`.
  package init(bytes: Int, on world: Communicator) throws {
    try world.arrive(at: .sharedMemory, count: bytes)
    node = try world.node()
    leaders = try world.members(node.rank == 0)
    nodes = try node.broadcast(leaders?.size ?? 1, from: 0)
    self.bytes = bytes
    var base: UnsafeMutableRawPointer?, window: OpaquePointer?
    // Every rank asks for a little more than it needs, so that the start can be moved to a cache line.
    let wanted = node.rank == 0 ? bytes + 64 : 0
    try check(
      MPI_Win_allocate_shared(MPI_Aint(wanted), 1, gpa_mpi_info_null(), node.handle, &base, &window),
      "MPI_Win_allocate_shared")
    var size: MPI_Aint = 0, unit: Int32 = 0
    try check(MPI_Win_shared_query(window, 0, &size, &unit, &base), "MPI_Win_shared_query")
    guard let base, let window else {
      throw MPIError(function: "MPI_Win_allocate_shared", text: "no shared memory of \(bytes) bytes came back")
    }
    memory = base.alignedUp(toMultipleOf: 64)
    self.window = window
    // The window stays open for loads and stores of all ranks; `synchronize` orders them.
    try check(MPI_Win_lock_all(MPI_MODE_NOCHECK, window), "MPI_Win_lock_all")
  }

  /// Makes what any rank of the node has written visible to all of them. Collective over the node.
  package func synchronize() throws {
    try check(MPI_Win_sync(window), "MPI_Win_sync")
    try node.barrier()
    try check(MPI_Win_sync(window), "MPI_Win_sync")
  }
}
