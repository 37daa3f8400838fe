import Glibc
import Parameters
import Storage

/// How far a file of generated rows has come, in a small file beside it: the arguments, which have to be the same where the
/// work is continued, and what is on the disk.
struct GenerationState {
  /// What the rows follow from, by name.
  let arguments: [(name: String, value: String)]
  /// The rows that are on the disk, and the bytes before the next one.
  var rows = 0, bytes = 0

  private static let head = "gpa-mpi generate"

  init(_ arguments: [(name: String, value: String)]) { self.arguments = arguments }

  /// Reads a file of the same arguments. Throws a ``GenerationError`` where it is of others, or none at all.
  init(_ path: String, of part: String, expecting arguments: [(name: String, value: String)]) throws {
    self.init(arguments)
    var found: [String: String] = [:]
    let lines = ((try? DeckFile.text(path)) ?? "").split(separator: "\n").map(String.init)
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      if parts.count == 2 { found[parts[0]] = String(parts[1].dropFirst()) }
    }
    guard lines.first == Self.head, let rows = found["rows"].flatMap({ Int($0) }),
      let bytes = found["bytes"].flatMap({ Int($0) }), rows >= 0, bytes >= 0
    else { throw GenerationError.otherPart(path: part, differences: []) }
    let differences = arguments.filter { found[$0.name] != $0.value }.map(\.name)
    guard differences.isEmpty else { throw GenerationError.otherPart(path: part, differences: differences) }
    (self.rows, self.bytes) = (rows, bytes)
  }

  /// Writes the file under another name and renames it when it is on the disk.
  func write(_ path: String) throws {
    let lines = [Self.head] + arguments.map { "\($0.name): \($0.value)" } + ["rows: \(rows)", "bytes: \(bytes)"]
    try ByteFile.replace(path, with: Array(lines.joined(separator: "\n").utf8) + [10])
  }
}
