import Glibc

/// What is recorded of one time step.
package struct MetricsRow: Sendable, Equatable {
  /// The time step, from 1.
  package var step: Int
  /// The sum of time steps so far.
  package var time: Double
  /// The divergence of particles from target.
  package var divergence: Double
  /// The mean over particles of the squared norm of the velocity.
  package var fisherInformation: Double
  /// The largest norm of a particle's velocity.
  package var maximumSpeed: Double

  /// A row with all its parts.
  package init(step: Int, time: Double, divergence: Double, fisherInformation: Double, maximumSpeed: Double) {
    self.step = step
    self.time = time
    self.divergence = divergence
    self.fisherInformation = fisherInformation
    self.maximumSpeed = maximumSpeed
  }

  /// The numbers with commas between, each as short as it can be to be read back as the same.
  var line: String { "\(step),\(time),\(divergence),\(fisherInformation),\(maximumSpeed)" }
}

/// A text file that could not be written or read.
package struct MetricsFileError: Error, CustomStringConvertible {
  /// The file.
  package let path: String
  /// The system's reason.
  package let reason: String
  /// Both, for people.
  package var description: String { "cannot write '\(path)' (\(reason))" }
}

/// The table `metrics.csv`, one line a time step, each handed to the system as it is made. For one process.
package final class MetricsFile {
  /// The head line.
  package static let header = "step,time,divergence,fisher_information,maximum_speed"
  /// Where the file is.
  package let path: String
  private let descriptor: Int32

  /// Makes a new file with the head line, or replaces one.
  package init(creating path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure() }
    try write(Self.header)
  }

  /// Continues a file after these rows, those of a checkpoint: what stands in it beside them is removed, and what is
  /// missing of them is written.
  package init(continuing path: String, after rows: [MetricsRow]) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure() }
    let wanted = Array(([Self.header] + rows.map(\.line)).map { $0 + "\n" }.joined().utf8)
    let whole = zip(try contents(), wanted).prefix { $0 == $1 }.count
    guard ftruncate(descriptor, whole) == 0, lseek(descriptor, whole, SEEK_SET) == whole else { throw failure() }
    try write(wanted[whole...])
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds a row.
  package func append(_ row: MetricsRow) throws {
    try write(row.line)
  }

  private func write(_ line: String) throws { try write(Array((line + "\n").utf8)[...]) }

  private func write(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count >= 0 || errno == EINTR else { throw failure() }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  private func contents() throws -> [UInt8] {
    var all: [UInt8] = [], part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &part, part.count)
      guard count >= 0 || errno == EINTR else { throw failure() }
      if count == 0 { return all }
      all += part.prefix(max(count, 0))
    }
  }

  private func failure() -> MetricsFileError {
    MetricsFileError(path: path, reason: String(cString: strerror(errno)))
  }
}
