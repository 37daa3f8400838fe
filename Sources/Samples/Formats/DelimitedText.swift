import Parameters

/// `.csv` and `.tsv`: numbers in text, one row a line, perhaps under a header. A first column of names or numbers of the rows
/// is no coordinate.
enum DelimitedText: SampleFormat {
  static let name = ".csv, .tsv (also .gz)"

  static func recognises(name: String) -> Bool { name.hasSuffix(".csv") || name.hasSuffix(".tsv") }

  /// Whether a file's columns are separated by tabs.
  static func isTabs(_ file: String) -> Bool {
    let name = lowercased(file)
    return name.hasSuffix(".tsv") || name.hasSuffix(".tsv.gz")
  }

  static func read(_ file: String, array: String?) throws -> SampleTable { try read(file) }

  /// Reads the chosen columns.
  ///
  /// - Parameter left: names of columns that say something of the rows, and are coordinates only where they are chosen.
  static func read(
    _ file: String, columns choice: ColumnChoice = ColumnChoice(), without left: [String] = [],
    header: TableLayout.Header = .automatic
  ) throws -> SampleTable {
    var reader = try DelimitedReader(file, header: header, needed: left + choice.names)
    let layout = reader.layout, names = layout.names
    if let error = layout.decimalCommas, choice.only == nil, choice.without.isEmpty { throw error }
    guard try reader.next() else {
      throw SampleError.malformed(file: file, reason: names == nil ? "is empty" : "has a header but no rows")
    }
    let about = try left.map { try index(of: $0, in: names, file: file) }
    var columns = try choice.columns(of: names, count: layout.width, without: about, file: file)
    var rowNames: RowNames?
    let isFree = choice.only == nil ? columns.first == 0 : !columns.contains(0) && !about.contains(0)
    if isFree, choice.only != nil || columns.count > 1 { rowNames = try RowNames(reader) }
    var indices: [Int] = []
    if rowNames != nil, choice.only == nil {
      columns.removeFirst()
      indices = furtherIndices(names, columns)
      columns.removeAll(where: indices.contains)
    }
    guard !columns.isEmpty else { throw SampleError.noColumns(file: file) }
    var further = try indices.map { try IndexColumn(reader, $0) }
    let table = SampleTable(
      file: file, columns: columns.count, columnNames: names.map { names in columns.map { names[$0] } })
    repeat {
      try rowNames?.take(reader)
      for index in further.indices { try further[index].take(reader) }
      try append(reader, to: table, columns: columns)
    } while try reader.next()
    table.notes = layout.notes
    if let rowNames {
      table.rowNames = rowNames.texts
      if let note = try rowNames.note(file: file, isAsked: choice.only == nil) { table.notes.append(note) }
    }
    for column in further { table.notes.append(try column.note()) }
    return table
  }

  /// The position of a column in a header; the name must be there once.
  static func index(of column: String, in names: [String]?, file: String) throws -> Int {
    guard let names else { throw SampleError.noHeader(file: file, column: column) }
    let plain = FieldText.trimmed(column)
    guard let first = names.firstIndex(of: plain) else {
      throw SampleError.unknownColumn(file: file, column: column, available: names)
    }
    guard names.lastIndex(of: plain) == first else {
      throw SampleError.malformed(file: file, reason: "has several columns '\(column)'; rename all but one")
    }
    return first
  }

  /// The columns behind a first one of row names that pandas called `Unnamed` as it read an index for a column.
  private static func furtherIndices(_ names: [String]?, _ columns: [Int]) -> [Int] {
    guard let names, TableLayout.isUnnamed(names[0]) else { return [] }
    return Array(columns.prefix { !names[$0].isEmpty && TableLayout.isUnnamed(names[$0]) })
  }

  private static func append(_ reader: DelimitedReader, to table: SampleTable, columns: [Int]) throws {
    try reader.text.withUnsafeBufferPointer { text in
      for (column, index) in columns.enumerated() {
        let range = FieldText.trimmed(reader.fields[index], in: text)
        guard let value = FieldText.number(text, range) else {
          let text = String(decoding: text[range].prefix(40), as: UTF8.self)
          // Where columns have no names, their numbers are those of the file.
          let name = table.columnNames == nil ? "\(index + 1)" : table.name(ofColumn: column)
          throw SampleError.notANumber(file: table.file, row: table.rows + 1, column: name, text: text)
        }
        try table.append(value)
      }
    }
  }
}
