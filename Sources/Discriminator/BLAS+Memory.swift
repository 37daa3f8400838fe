import MessagePassing
import Numerics

extension BLAS {
  /// Sets OpenBLAS up: one thread, as the ranks are the parallelism, and its buffer. Throws a `MemoryError` where there is no
  /// room for it. Collective; before anything is multiplied.
  package static func prepare(on communicator: Communicator) throws {
    try communicator.together {
      useOneThread()
      guard !reserve() else { return }
      throw MemoryError(
        what: "OpenBLAS's buffers", needed: Double(bufferBytes),
        bound: MemoryBounds.own()?.words ?? "the system does not give them", advice: "raise the limit")
    }
  }
}
