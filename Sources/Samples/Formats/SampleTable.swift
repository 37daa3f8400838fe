import Glibc
import Numerics
import Parameters

/// Rows of floats as read from a file, whose memory grows with what was read and never by what a header claims.
final class SampleTable {
  /// The file, for messages.
  let file: String
  /// The number of columns.
  private(set) var columns: Int
  /// The names of the columns, where the file has them.
  var columnNames: [String]?
  /// The names of the rows, where the file has them.
  var rowNames: [String]?
  /// The labels of the rows, where they are asked for.
  var labels: [String]?
  /// The floats so far; row after row when the table is whole.
  private(set) var elements: UnsafeMutablePointer<Float>
  /// The number of floats so far.
  private(set) var count = 0
  private var capacity: Int

  /// An empty table.
  init(file: String, columns: Int, columnNames: [String]? = nil) {
    self.file = file
    self.columns = columns
    self.columnNames = columnNames
    capacity = 1024
    elements = Self.memory(nil, 1024)
  }

  deinit { free(elements) }

  /// The number of whole rows.
  var rows: Int { count / columns }

  /// Adds one float.
  @inline(__always)
  func append(_ value: Float) {
    if count == capacity { reserve(1) }
    elements[count] = value
    count += 1
  }

  /// Adds `more` floats, which a body writes.
  func append(_ more: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Void) rethrows {
    reserve(more)
    try body(elements + count)
    count += more
  }

  /// The name of a column for messages: its own or its number from 1.
  func name(ofColumn column: Int) -> String {
    if let columnNames, column < columnNames.count { return "'\(oneLine(columnNames[column], limit: 60))'" }
    return "\(column + 1)"
  }

  /// Throws if one of these rows (indices from 0, or all) holds NaN or an infinity.
  func checkFinite(rows chosen: [Int]?) throws {
    let total = chosen?.count ?? rows
    for index in 0..<total {
      let row = chosen?[index] ?? index
      let start = elements + row * columns
      for column in 0..<columns where !start[column].isFinite {
        throw SampleError.notFinite(file: file, row: row + 1, column: name(ofColumn: column), value: start[column])
      }
    }
  }

  /// Keeps only these rows, which ascend, and gives back the memory of the others.
  func keep(rows chosen: [Int]) {
    for (index, row) in chosen.enumerated() where index != row {
      memmove(elements + index * columns, elements + row * columns, columns * MemoryLayout<Float>.stride)
    }
    count = chosen.count * columns
    rowNames = rowNames.map { names in chosen.map { names[$0] } }
    labels = labels.map { labels in chosen.map { labels[$0] } }
    capacity = max(count, 1)
    elements = Self.memory(elements, capacity)
  }

  /// Keeps only these columns, in this order; at most as many as there are.
  func keep(columns chosen: [Int]) {
    guard chosen != Array(0..<columns) else { return }
    let rows = rows
    var row = [Float](repeating: 0, count: chosen.count)
    for index in 0..<rows {
      let old = elements + index * columns
      for (i, column) in chosen.enumerated() { row[i] = old[column] }
      (elements + index * chosen.count).update(from: row, count: chosen.count)
    }
    columnNames = columnNames.map { names in chosen.map { names[$0] } }
    columns = chosen.count
    count = rows * columns
  }

  /// Exchanges rows and columns of what was read as `columns` runs of `rows` floats.
  func transpose(rows: Int) {
    let result = Self.memory(nil, max(count, 1))
    for j in 0..<columns {
      for i in 0..<rows { result[i * columns + j] = elements[j * rows + i] }
    }
    free(elements)
    elements = result
    capacity = max(count, 1)
  }

  private func reserve(_ more: Int) {
    guard count + more > capacity else { return }
    capacity = max(count + more, capacity + capacity / 2)
    elements = Self.memory(elements, capacity)
  }

  private static func memory(_ old: UnsafeMutablePointer<Float>?, _ capacity: Int) -> UnsafeMutablePointer<Float> {
    guard let memory = realloc(old, capacity * MemoryLayout<Float>.stride) else {
      // As in Swift's own allocations, there is no going on without memory.
      preconditionFailure("no memory for \(capacity) floats")
    }
    return memory.bindMemory(to: Float.self, capacity: capacity)
  }
}
