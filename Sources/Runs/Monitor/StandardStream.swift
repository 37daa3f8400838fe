import Glibc

/// The process's standard output and standard error, unbuffered: what was said is seen even if the job is killed.
package enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// Writes a text; a stream that is closed takes none, which is no error.
  package func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
