import Glibc
import Storage

/// Moved rows as a table of text: the columns' names in the first line, and in the first column the rows' names, where they
/// have names.
enum TextTable {
  /// Writes a table; it appears under its name when it is whole.
  static func write(_ result: MovedRows, to path: String) throws {
    let half = path + ".tmp", names = try result.rowNames
    do {
      let file = try ByteFile(half, writing: true, making: true)
      try file.resize(to: 0)
      let head = (names == nil ? [] : ["name"]) + (try result.columnNames ?? [])
      var bytes = Array((head.map(GeneratedFormat.field).joined(separator: ",") + "\n").utf8), place = 0
      let columns = result.dimension
      let count = try result.count, height = max(1, 1 << 20 / max(columns, 1))
      for first in stride(from: 0, to: count, by: height) {
        let rows = first..<min(first + height, count), numbers = try result.rows(rows)
        for row in rows {
          if let names { bytes += Array(GeneratedFormat.field(names[row]).utf8) + [44] }
          let start = (row - first) * columns
          for column in 0..<columns {
            let number = numbers[start + column]
            bytes.append(contentsOf: (result.isDouble ? number.description : Float(number).description).utf8)
            bytes.append(column == columns - 1 ? 10 : 44)
          }
        }
        try bytes.withUnsafeBytes { try file.write($0, at: place) }
        place += bytes.count
        bytes.removeAll(keepingCapacity: true)
      }
    } catch {
      unlink(half)
      throw error
    }
    guard rename(half, path) == 0 else {
      throw RunFolderError.failed(path: path, what: "make", reason: String(cString: strerror(errno)))
    }
  }
}
