import CMPI

/// What an all-reduce does with the ranks' values.
package enum Reduction: Sendable {
  case sum, maximum, minimum

  var operation: MPI_Op? {
    switch self {
    case .sum: gpa_mpi_sum()
    case .maximum: gpa_mpi_maximum()
    case .minimum: gpa_mpi_minimum()
    }
  }
}

extension Communicator {
  /// Waits for all ranks. Collective.
  package func barrier() throws {
    try arrive(at: .barrier, count: 0)
    try check(MPI_Barrier(handle), "MPI_Barrier")
  }

  /// Replaces the values by their reduction over all ranks, element by element. Collective.
  package func allReduce(_ values: UnsafeMutableBufferPointer<Double>, _ operation: Reduction) throws {
    try arrive(at: .allReduce, count: values.count)
    guard size > 1, var start = values.baseAddress else { return }
    var left = values.count
    while left > 0 {
      let part = min(left, largestPart / 8)
      try check(
        MPI_Allreduce(gpa_mpi_in_place(), start, Int32(part), gpa_mpi_double(), operation.operation, handle),
        "MPI_Allreduce")
      start += part
      left -= part
    }
  }

  /// The reduction of one value over all ranks. Collective.
  package func allReduce(_ value: Double, _ operation: Reduction) throws -> Double {
    var result = value
    try withUnsafeMutablePointer(to: &result) {
      try allReduce(UnsafeMutableBufferPointer(start: $0, count: 1), operation)
    }
    return result
  }

  /// Fills the memory of all ranks with the bytes of one. Collective.
  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) throws {
    try arrive(at: .broadcast, count: bytes.count)
    try inParts(bytes.count) { offset, count in
      try check(
        MPI_Bcast(bytes.baseAddress.map { $0 + offset }, count, gpa_mpi_byte(), Int32(root), handle), "MPI_Bcast")
    }
  }

  /// The value that one rank holds. Collective.
  package func broadcast<T: BitwiseCopyable>(_ value: T, from root: Int) throws -> T {
    var result = value
    try withUnsafeMutableBytes(of: &result) { try broadcast($0, from: root) }
    return result
  }

  /// The text that one rank holds. Collective; what the others pass does not matter.
  package func broadcast(_ text: String, from root: Int) throws -> String {
    var bytes = Array(text.utf8)
    let count = try broadcast(bytes.count, from: root)
    if rank != root { bytes = [UInt8](repeating: 0, count: count) }
    try bytes.withUnsafeMutableBytes { try broadcast($0, from: root) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The values of all ranks, in their order, on every rank. Collective.
  package func gather<T: BitwiseCopyable>(_ value: T) throws -> [T] {
    try arrive(at: .gather, count: MemoryLayout<T>.size)
    return try gatherUnchecked(value)
  }

  /// The same without a word to the checks.
  func gatherUnchecked<T: BitwiseCopyable>(_ value: T) throws -> [T] {
    var mine = value
    var all = [T](repeating: value, count: size)
    let bytes = Int32(MemoryLayout<T>.stride)
    try all.withUnsafeMutableBytes { all in
      try withUnsafeMutableBytes(of: &mine) { mine in
        try check(
          MPI_Allgather(
            mine.baseAddress, Int32(MemoryLayout<T>.size), gpa_mpi_byte(), all.baseAddress, bytes, gpa_mpi_byte(),
            handle),
          "MPI_Allgather")
      }
    }
    return all
  }

  /// Sends bytes to one rank, which receives as many under the same tag.
  package func send(_ bytes: UnsafeRawBufferPointer, to destination: Int, tag: Int) throws {
    try inParts(bytes.count) { offset, count in
      try check(
        MPI_Send(
          bytes.baseAddress.map { $0 + offset }, count, gpa_mpi_byte(), Int32(destination), Int32(tag), handle),
        "MPI_Send")
    }
  }

  /// Receives bytes that one rank sends under a tag.
  package func receive(_ bytes: UnsafeMutableRawBufferPointer, from source: Int, tag: Int) throws {
    try inParts(bytes.count) { offset, count in
      try check(
        gpa_mpi_receive(bytes.baseAddress.map { $0 + offset }, count, Int32(source), Int32(tag), handle), "MPI_Recv")
    }
  }

  private func inParts(_ bytes: Int, _ body: (Int, Int32) throws -> Void) rethrows {
    var offset = 0
    while offset < bytes {
      let count = min(bytes - offset, largestPart)
      try body(offset, Int32(count))
      offset += count
    }
  }
}
