import Numerics

extension SharedTable {
  /// Puts a row as it was read, ``columns`` numbers, into memory for them. Only where ``isHere``, and of rows of a file.
  package func read(_ row: Int, into numbers: UnsafeMutablePointer<Double>) {
    guard let table else { preconditionFailure("rows of a file, where they stand") }
    table.fill(row: place(of: row), into: numbers)
  }

  /// The same rows with other numbers, as many in a row as `columns`, which are called `names`; names, labels and notes of
  /// the rows stay. On the root `fill` puts each row's numbers into memory, row after row; the other ranks give the same
  /// sizes. Throws a `MemoryError`, a ``SampleError`` for numbers that are not finite, and what `fill` throws.
  package func replacing(
    columns: Int, names: [String]?, fill: (_ row: Int, _ numbers: UnsafeMutablePointer<Double>) throws -> Void
  ) throws -> SharedTable {
    guard let table else { return SharedTable(nil, rows: count, columns: columns, embed: nil) }
    let result = try SampleTable(file: table.file, columns: columns, expecting: count * columns, beside: 0)
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: max(columns, 1)) { buffer in
      guard let numbers = buffer.baseAddress else { return }
      for row in 0..<count {
        try fill(row, numbers)
        try result.append(numbers, count: columns)
      }
    }
    result.columnNames = names
    result.rowNames = rowNames
    result.labels = labels
    result.sourceRows = sourceRows
    result.notes = table.notes
    try result.checkFinite(rows: nil)
    return SharedTable(result, rows: count, columns: columns, embed: nil)
  }
}
