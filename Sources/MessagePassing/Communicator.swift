import CMPI

/// A group of ranks that communicate. Every function that is collective says so: all ranks of the group must call it, in
/// the same order and with the same counts. Every function that throws throws an ``MPIError`` where MPI refuses a call;
/// what an argument of it throws besides is said there.
package final class Communicator {
  /// This process's number in the group, 0 ..< size.
  package let rank: Int
  /// The number of ranks.
  package let size: Int
  /// MPI's handle, for libraries that take an `MPI_Comm`.
  package let handle: OpaquePointer
  /// How many collective calls this process has arrived at.
  package let calls = CallCounter()
  /// MPI counts are int32: longer messages go in parts of this many bytes, at least 8. The same on all ranks.
  package var largestPart = 1 << 30
  private var ranksOfNode: Communicator?

  init(handle: OpaquePointer) throws {
    self.handle = handle
    try check(MPI_Comm_set_errhandler(handle, gpa_mpi_errors_return()), "MPI_Comm_set_errhandler")
    var number: Int32 = 0
    try check(MPI_Comm_rank(handle, &number), "MPI_Comm_rank")
    rank = Int(number)
    try check(MPI_Comm_size(handle, &number), "MPI_Comm_size")
    size = Int(number)
  }

  /// Whether this is rank 0.
  package var isRoot: Bool { rank == 0 }

  /// The ranks that share this rank's memory, made at the first call. Collective.
  package func node() throws -> Communicator {
    if let ranksOfNode { return ranksOfNode }
    try arrive(at: .split, count: 0)
    var part: OpaquePointer?
    try check(
      MPI_Comm_split_type(handle, gpa_mpi_type_shared(), Int32(rank), gpa_mpi_info_null(), &part), "MPI_Comm_split_type"
    )
    let node = try Communicator(handle: valid(part))
    ranksOfNode = node
    return node
  }

  /// The ranks that say true, in their present order; nil on the others. Collective.
  package func members(_ isMember: Bool) throws -> Communicator? {
    try arrive(at: .split, count: 1)
    var part: OpaquePointer?
    try check(MPI_Comm_split(handle, isMember ? 0 : gpa_mpi_undefined(), Int32(rank), &part), "MPI_Comm_split")
    return isMember ? try Communicator(handle: valid(part)) : nil
  }

  private func valid(_ part: OpaquePointer?) throws -> OpaquePointer {
    guard let part else { throw MPIError(function: "MPI_Comm_split", text: "no communicator came back") }
    return part
  }
}
