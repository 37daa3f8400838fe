import Glibc
import Parameters

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
  /// Where the file is.
  package let path: String
  private let descriptor: Int32

  /// Makes a new file with the head line of a table, or replaces one.
  package convenience init(creating path: String, of table: MetricsTable) throws {
    try self.init(path, header: table.header)
  }

  /// Continues a file after the rows of a table, those of a checkpoint: what stands in it beside them is removed, and what is
  /// missing of them is written.
  package init(continuing path: String, of table: MetricsTable, after rows: [MetricsRow]) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure() }
    let wanted = Array(([table.header] + rows.map(\.line)).map { $0 + "\n" }.joined().utf8)
    let whole = zip(try contents(), wanted).prefix { $0 == $1 }.count
    guard ftruncate(descriptor, whole) == 0, lseek(descriptor, whole, SEEK_SET) == whole else { throw failure() }
    try write(wanted[whole...])
  }

  /// Writes the numbers of all steps of several flows, one flow after the other, with its name in the last column.
  package static func write(_ path: String, flows: [(name: String, columns: [(column: String, values: [Double])])])
    throws
  {
    let names = (flows.first?.columns ?? []).map(\.column)
    let ordered = ["time", "divergence"].filter(names.contains) + names.filter { $0 != "time" && $0 != "divergence" }
    let file = try MetricsFile(path, header: (["step"] + ordered + ["flow"]).joined(separator: ","))
    for (name, columns) in flows {
      let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
      let values = ordered.map { column in columns.first { $0.column == column }?.values ?? [] }
      for step in 0..<(values.map(\.count).max() ?? 0) {
        let numbers = values.map { step < $0.count ? "\($0[step])" : "" }
        try file.write((["\(step + 1)"] + numbers + [quoted]).joined(separator: ","))
      }
    }
  }

  private init(_ path: String, header: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure() }
    try write(header)
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
