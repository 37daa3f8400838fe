import Glibc
import MessagePassing
import Numerics
import Parameters

/// Rows of numbers as read from a file, whose memory grows with what was read and never by what a header claims.
///
/// Numbers are kept as float32 as long as that holds every one of them exactly, and as float64 from the first one on that it
/// does not: what is subtracted or divided before rows become float32 has then lost nothing.
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
  /// The places of the rows among those of the file; nil where all are here.
  var sourceRows: [Int]?
  /// Why NaN stands in some places, where the file itself says that a number there is none.
  var missing: String?
  /// What a user should know of how the file was read.
  var notes: [String] = []
  /// Whether the numbers are kept as float64.
  private(set) var isWide = false
  /// The rows where most of their numbers are 0 and only the others are kept; nil: all are kept, in ``memory``.
  private var sparse: SparseRows?
  /// The numbers so far, of ``elementBytes`` each; row after row when the table is whole.
  private(set) var memory: UnsafeMutableRawPointer
  /// How many numbers there are so far.
  private(set) var count = 0
  private var capacity: Int
  /// How many numbers will be added in all, where a header says so; 0 where nothing does.
  private var expected = 0

  /// An empty table.
  init(file: String, columns: Int, columnNames: [String]? = nil) {
    self.file = file
    self.columns = columns
    self.columnNames = columnNames
    capacity = 1024
    memory = Self.memory(nil, bytes: 4096)
  }

  /// An empty table for so many numbers, as a header says, which are read with so many bytes beside. Throws a `MemoryError`
  /// where there is no memory for them; none is taken yet.
  convenience init(file: String, columns: Int, expecting numbers: Int, beside bytes: Int) throws {
    self.init(file: file, columns: columns)
    expected = numbers
    try require(4 * Double(numbers) + Double(bytes))
  }

  /// A table of rows most of whose numbers are 0.
  convenience init(file: String, columns: Int, sparse rows: SparseRows) {
    self.init(file: file, columns: columns)
    sparse = rows
    count = rows.rows * columns
  }

  deinit { free(memory) }

  /// Whether only the numbers other than 0 are kept.
  var isSparse: Bool { sparse != nil }

  /// The bytes of a number.
  var elementBytes: Int { isWide ? 8 : 4 }
  /// The number of whole rows.
  var rows: Int { count / columns }

  /// A number by its place, row after row.
  @inline(__always)
  subscript(place: Int) -> Double {
    if let sparse { return sparse.number(row: place / columns, column: place % columns) }
    return isWide ? doubles[place] : Double(floats[place])
  }

  /// Puts the numbers of a row into memory for them.
  func fill(row: Int, into numbers: UnsafeMutablePointer<Double>) {
    if let sparse { return sparse.fill(row: row, into: numbers, columns: columns) }
    let start = row * columns
    if isWide {
      numbers.update(from: doubles + start, count: columns)
    } else {
      for column in 0..<columns { numbers[column] = Double(floats[start + column]) }
    }
  }

  private var floats: UnsafeMutablePointer<Float> { memory.assumingMemoryBound(to: Float.self) }
  private var doubles: UnsafeMutablePointer<Double> { memory.assumingMemoryBound(to: Double.self) }

  /// Adds a number.
  @inline(__always)
  func append(_ value: Double) throws {
    if count == capacity { try reserve(1) }
    let narrow = Float(value)
    if !isWide, Double(narrow) != value, !value.isNaN { try widen() }
    if isWide { doubles[count] = value } else { floats[count] = narrow }
    count += 1
  }

  /// Adds so many numbers.
  func append(_ values: UnsafePointer<Double>, count more: Int) throws {
    try reserve(more)
    for i in 0..<more { try append(values[i]) }
  }

  /// Adds so many numbers.
  func append(_ values: UnsafePointer<Float>, count more: Int) throws {
    try reserve(more)
    if isWide {
      for i in 0..<more { doubles[count + i] = Double(values[i]) }
    } else {
      (floats + count).update(from: values, count: more)
    }
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
      if let sparse {
        guard let (column, value) = sparse.notFinite(row: row) else { continue }
        throw SampleError.notFinite(file: file, row: row + 1, column: name(ofColumn: column), value: value)
      }
      for column in 0..<columns {
        let value = Float(self[row * columns + column])
        guard !value.isFinite else { continue }
        if let missing, value.isNaN {
          throw SampleError.missingValue(file: file, row: row + 1, column: name(ofColumn: column), reason: missing)
        }
        throw SampleError.notFinite(file: file, row: row + 1, column: name(ofColumn: column), value: value)
      }
    }
  }

  /// Keeps only these rows, which ascend, and gives back the memory of the others.
  func keep(rows chosen: [Int]) {
    if sparse != nil {
      sparse?.keep(rows: chosen)
      keepTexts(rows: chosen)
      count = chosen.count * columns
      return
    }
    let rowBytes = columns * elementBytes
    for (index, row) in chosen.enumerated() where index != row {
      memmove(memory + index * rowBytes, memory + row * rowBytes, rowBytes)
    }
    keepTexts(rows: chosen)
    count = chosen.count * columns
    capacity = max(count, 1)
    memory = Self.memory(memory, bytes: capacity * elementBytes)
  }

  private func keepTexts(rows chosen: [Int]) {
    rowNames = rowNames.map { names in chosen.map { names[$0] } }
    labels = labels.map { labels in chosen.map { labels[$0] } }
    sourceRows = chosen.map { sourceRows?[$0] ?? $0 }
  }

  /// Keeps only these columns, in this order; at most as many as there are.
  func keep(columns chosen: [Int]) {
    guard chosen != Array(0..<columns) else { return }
    let rows = rows
    if sparse != nil {
      sparse?.keep(columns: chosen, of: columns)
    } else if isWide {
      select(chosen, of: doubles)
    } else {
      select(chosen, of: floats)
    }
    columnNames = columnNames.map { names in chosen.map { names[$0] } }
    columns = chosen.count
    count = rows * columns
  }

  private func select<T: BinaryFloatingPoint>(_ chosen: [Int], of elements: UnsafeMutablePointer<T>) {
    var row = [T](repeating: 0, count: chosen.count)
    for index in 0..<rows {
      let old = elements + index * columns
      for (i, column) in chosen.enumerated() { row[i] = old[column] }
      (elements + index * chosen.count).update(from: row, count: chosen.count)
    }
  }

  /// Exchanges rows and columns, and their names.
  func exchange() throws {
    let rows = rows, names = rowNames
    rowNames = columnNames
    columnNames = names
    let old = columns
    columns = rows
    try transpose(rows: old)
  }

  /// Exchanges rows and columns of what was read as `columns` runs of `rows` numbers.
  func transpose(rows: Int) throws {
    try require(Double(count * elementBytes))
    let result = Self.memory(nil, bytes: max(count, 1) * elementBytes)
    func exchange<T>(_ type: T.Type) {
      let old = memory.assumingMemoryBound(to: T.self), new = result.bindMemory(to: T.self, capacity: count)
      for j in 0..<columns {
        for i in 0..<rows { new[i * columns + j] = old[j * rows + i] }
      }
    }
    if isWide { exchange(Double.self) } else { exchange(Float.self) }
    free(memory)
    memory = result
    capacity = max(count, 1)
  }

  private func widen() throws {
    try require(Double(capacity) * 8)
    let wide = Self.memory(nil, bytes: capacity * 8), doubles = wide.bindMemory(to: Double.self, capacity: capacity)
    for i in 0..<count { doubles[i] = Double(floats[i]) }
    free(memory)
    memory = wide
    isWide = true
  }

  private func reserve(_ more: Int) throws {
    guard count + more > capacity else { return }
    var grown = max(count + more, capacity + capacity / 2)
    if count + more <= expected { grown = min(grown, expected) }
    try require(Double(grown - capacity) * Double(elementBytes))
    capacity = grown
    memory = Self.memory(memory, bytes: capacity * elementBytes)
  }

  /// Throws a `MemoryError` where so many bytes more cannot be had.
  private func require(_ bytes: Double) throws {
    try MemoryBounds.require(
      bytes, for: "the numbers of \(oneLine(file, limit: 4500))",
      advice: "use a machine with more memory, or a file with fewer rows or columns")
  }

  private static func memory(_ old: UnsafeMutableRawPointer?, bytes: Int) -> UnsafeMutableRawPointer {
    guard let memory = realloc(old, bytes) else { endForWantOfMemory(bytes: bytes) }
    return memory
  }
}
