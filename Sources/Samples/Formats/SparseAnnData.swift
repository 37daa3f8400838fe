import HDF5
import MessagePassing

/// A sparse matrix in a file of AnnData: compressed rows (CSR) or compressed columns (CSC), of all versions. It is never made
/// dense.
struct SparseAnnData {
  private let source: HDF5File
  private let path: String
  /// The file and the array, for messages.
  private let shown: String
  private let isByColumns: Bool
  private let rows: Int, columns: Int

  /// Numbers that are read at once.
  private static let chunk = 1 << 20

  /// The matrix in a group; nil where the group is none. Throws a ``SampleError`` for one without a shape.
  init?(_ path: String, of source: HDF5File, file: String) throws {
    self.source = source
    self.path = path
    shown = "\(file), array '\(path)'"
    let text =
      (try? source.text(attribute: "encoding-type", of: "/" + path))
      ?? (try? source.text(attribute: "h5sparse_format", of: "/" + path)) ?? ""
    switch text {
    case "csr_matrix", "csr": isByColumns = false
    case "csc_matrix", "csc": isByColumns = true
    default: return nil
    }
    let name = try ["shape", "h5sparse_shape"].first { try source.hasAttribute($0, of: "/" + path) }
    let shape = try name.map { try source.values(attribute: $0, of: "/" + path, as: Int64.self) } ?? []
    guard shape.count == 2, shape.allSatisfy({ $0 > 0 && $0 <= Int64(Int32.max) }) else {
      throw SampleError.malformed(
        file: shown, reason: "is a sparse matrix of the shape \(shape.map { Int($0) }), not one of rows and columns")
    }
    rows = Int(shape[0])
    columns = Int(shape[1])
  }

  /// Reads the matrix. Throws a ``SampleError`` where its parts do not belong together, and a `MemoryError`.
  func read() throws -> SampleTable {
    for part in ["data", "indices", "indptr"] { try check(part) }
    let count = try length("data"), starts = try starts(count)
    // Both kinds of numbers, the bounds of rows and the way into the columns.
    try MemoryBounds.require(
      8 * Double(count) + 16 * Double(rows + columns) + 24 * Double(min(count, Self.chunk)),
      for: "the numbers of \(shown)",
      advice: "use a machine with more memory, or a file with fewer rows or columns")
    let sparse = try isByColumns ? fromColumns(starts, count) : fromRows(starts, count)
    return SampleTable(file: shown, columns: columns, sparse: sparse)
  }

  private func fromRows(_ starts: [Int64], _ count: Int) throws -> SparseRows {
    var result = SparseRows(rows: rows, numbers: count), row = 0
    func endRows(before place: Int) {
      while row < rows, starts[row + 1] <= place {
        row += 1
        result.endRow(at: Int(starts[row]))
      }
    }
    try forEachNumber(count, below: columns) { place, column, value in
      endRows(before: place)
      result.append(value, column: column)
    }
    endRows(before: count)
    return result
  }

  private func fromColumns(_ starts: [Int64], _ count: Int) throws -> SparseRows {
    var lengths = [Int](repeating: 0, count: rows)
    try forEachIndex(count, below: rows) { _, row in lengths[Int(row)] += 1 }
    var result = SparseRows(lengths: lengths), column = 0
    var next = (0..<rows).map { result.start(of: $0) }
    try forEachNumber(count, below: rows) { place, row, value in
      while starts[column + 1] <= place { column += 1 }
      result.place(value, column: Int32(column), at: next[Int(row)])
      next[Int(row)] += 1
    }
    return result
  }

  /// Where rows, or columns, begin.
  private func starts(_ count: Int) throws -> [Int64] {
    let lines = isByColumns ? columns : rows, word = isByColumns ? "columns" : "rows"
    guard try length("indptr") == lines + 1 else {
      throw broken("indptr has \(try length("indptr")) entries where \(lines) \(word) need \(lines + 1)")
    }
    guard try length("indices") == count else {
      throw broken("there are \(count) numbers in data and \(try length("indices")) in indices")
    }
    let starts: [Int64] = try source.values(of: path + "/indptr")
    guard starts[0] == 0, starts[lines] == count else {
      throw broken("indptr goes from \(starts[0]) to \(starts[lines]) where \(count) numbers are stored")
    }
    if let line = (0..<lines).first(where: { starts[$0] > starts[$0 + 1] }) {
      throw broken("indptr falls from \(starts[line]) to \(starts[line + 1]) at entry \(line + 2)")
    }
    return starts
  }

  private func forEachIndex(
    _ count: Int, below most: Int, _ body: (_ place: Int, _ index: Int32) throws -> Void
  ) throws {
    for first in stride(from: 0, to: count, by: Self.chunk) {
      SampleProbe.goOn()
      let indices = try source.int64s(of: path + "/indices", from: first, rows: min(Self.chunk, count - first))
      for (offset, index) in indices.enumerated() {
        try body(first + offset, try checked(index, below: most, at: first + offset))
      }
    }
  }

  private func forEachNumber(
    _ count: Int, below most: Int, _ body: (_ place: Int, _ index: Int32, _ value: Double) throws -> Void
  ) throws {
    for first in stride(from: 0, to: count, by: Self.chunk) {
      SampleProbe.goOn()
      let length = min(Self.chunk, count - first)
      let indices = try source.int64s(of: path + "/indices", from: first, rows: length)
      let values = try source.doubles(of: path + "/data", from: first, rows: length)
      for offset in 0..<length {
        try body(first + offset, try checked(indices[offset], below: most, at: first + offset), values[offset])
      }
    }
  }

  private func checked(_ index: Int64, below most: Int, at place: Int) throws -> Int32 {
    guard index >= 0, index < most else {
      throw broken(
        "entry \(place + 1) of indices is \(index), where there are \(most) \(isByColumns ? "rows" : "columns")")
    }
    return Int32(truncatingIfNeeded: index)
  }

  private func length(_ part: String) throws -> Int { try source.shape(of: path + "/" + part).first ?? 0 }

  /// Throws where a part is not there or no list of numbers, or not whole.
  private func check(_ part: String) throws {
    let name = path + "/" + part
    guard try source.place(of: "/" + name) == .dataset, try source.shape(of: name).count == 1 else {
      throw broken("it has no list '\(part)'")
    }
    let elements = try source.elements(of: name)
    guard elements.areNumbers else { throw broken("'\(part)' does not hold numbers but \(elements.inWords)") }
    let storage = try source.storage(of: name)
    if let gap = storage.gap { throw broken("'\(part)' has numbers that stand for nothing: \(gap)") }
    guard storage.missingFilters.isEmpty else {
      throw SampleError.missingFilter(file: shown, filters: storage.missingFilters, reason: "in \(part)")
    }
    guard try length(part) <= ByteStream.inflated(storage.bytes) else {
      throw broken("'\(part)' says it has \(try length(part)) numbers, more than the file can hold")
    }
  }

  private func broken(_ what: String) -> SampleError {
    .malformed(file: shown, reason: "is a sparse matrix whose parts do not belong together: \(what)")
  }
}
