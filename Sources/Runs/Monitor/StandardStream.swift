import Glibc
import Parameters

/// The process's standard output and standard error, unbuffered: what was said is seen even if the job is killed.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Writes a text; a stream that is closed or full takes none, which is no error: a run is told by its files.
  package func write(_ text: String) { _ = put(text) }

  /// Writes what was asked for, as which nothing else tells it. Throws an ``UnwrittenAnswer`` where it does not get out.
  package func answer(_ text: String) throws {
    var reason = put(text)
    // A file system in a network tells of some failures when a file is closed.
    let copy = reason == 0 ? dup(rawValue) : -1
    if copy >= 0, close(copy) != 0 { reason = errno }
    guard reason == 0 else { throw UnwrittenAnswer(reason: reason) }
  }

  /// Writes a text; the system's number of why that failed, or 0.
  private func put(_ text: String) -> Int32 {
    var bytes = text.system.dropLast()
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var stream = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        poll(&stream, 1, 1000)
      case let reason: return reason == 0 ? EIO : reason
      }
    }
    return 0
  }
}

/// An answer that could not be written to standard output.
package struct UnwrittenAnswer: ExitCoded, CustomStringConvertible {
  let reason: Int32
  package var exitCode: Int32 { 1 }
  /// Whether nobody reads on, as behind `| head`: there is nothing to say then.
  package var isUnread: Bool { reason == EPIPE }
  /// One sentence for people.
  package var description: String { "cannot write to standard output (\(String(cString: strerror(reason))))" }
}
