import Numerics
import Parameters

/// Rows that stand in a file, all or some.
package struct SampleFile: Section, Equatable {
  /// A condition on the rows: those whose text in a column is equal to a text.
  package struct Condition: Section, Equatable {
    /// The `.csv` or `.tsv` with the column, whose rows are those of the samples in the same order; nil: the samples' own
    /// file, and then the column itself is not part of the samples.
    package var file: String?
    /// The column's name in the header.
    package var column = ""
    /// The text that the chosen rows have there.
    package var equals = ""

    package init() {}

    package static let keys: [Key<Condition>] = [
      .value(
        "file", optional: \.file, "a .csv or .tsv with the column; none: the samples' own file",
        allowed: "the path of a file", where: isPath),
      .value("column", \.column, "the column's name", isRequired: true),
      .value("equals", \.equals, "the text that the chosen rows have there", isRequired: true),
    ]
  }

  /// Where the rows' labels stand.
  package struct Labels: Section, Equatable {
    /// As that of a ``Condition``.
    package var file: String?
    /// The column's name in the header.
    package var column = ""

    package init() {}

    package static let keys: [Key<Labels>] = [
      .value(
        "file", optional: \.file, "a .csv or .tsv with the column; none: the samples' own file",
        allowed: "the path of a file", where: isPath),
      .value("column", \.column, "the column's name", isRequired: true),
    ]
  }

  /// The file, relative to the deck's folder.
  package var file = ""
  /// The member of an `.npz`, the dataset of an `.h5`, `X` or a key of obsm of an `.h5ad`.
  package var array: String?
  /// Only these rows.
  package var `where`: Condition?
  /// The rows' labels, which go along to the results.
  package var labels: Labels?
  /// A random choice of this many rows.
  package var limit: Int?

  package init() {}

  package static let keys: [Key<SampleFile>] = [
    .value(
      "file", \.file, "the file whose rows are taken: \(sampleFormatNames.joined(separator: ", "))",
      allowed: "the path of a file", isRequired: true, where: isPath),
    .value("array", optional: \.array, "the array's name in a file with several"),
    .section("where", optional: \.where, "only the rows that have a text in a column"),
    .section("labels", optional: \.labels, "the rows' labels, which go along to the results"),
    .value("limit", optional: \.limit, "a random choice of so many rows", allowed: "a whole number above 0") { $0 > 0 },
  ]

  /// Reads the chosen rows, in the file's order. Only called on the root.
  ///
  /// NaN and infinities are errors in the rows that `where` chooses; `limit` draws from these without replacement.
  func read(folder: String, selection: RandomNumbers) throws -> SampleTable {
    let path = resolved(file, in: folder)
    let format = try sampleFormat(of: path)
    if let array, !format.hasNamedArrays { throw SampleError.arrayNotNamed(file: path, array: array) }
    // A column of the samples' own file that says something of the rows is no coordinate.
    let own = [
      `where`.flatMap { $0.file == nil ? $0.column : nil }, labels.flatMap { $0.file == nil ? $0.column : nil },
    ]
    .compactMap { $0 }
    if !own.isEmpty, format != DelimitedText.self { throw SampleError.columnNeedsTable(file: path) }
    let table = own.isEmpty ? try format.read(path, array: array) : try DelimitedText.read(path, without: own)
    if let labels {
      var texts: [String] = []
      try forEachText(of: labels.column, in: labels.file.map { resolved($0, in: folder) } ?? path, expecting: table) {
        texts.append(String(decoding: $0, as: UTF8.self))
      }
      table.labels = texts
    }
    var chosen = try `where`.map { condition in
      try rows(of: condition.file.map { resolved($0, in: folder) } ?? path, where: condition, expecting: table)
    }
    try table.checkFinite(rows: chosen)
    if let limit {
      let available = chosen?.count ?? table.rows
      guard limit <= available else { throw SampleError.tooFewRows(file: path, rows: available, limit: limit) }
      chosen = selection.choice(of: limit, from: available).map { chosen?[$0] ?? $0 }
    }
    if let chosen { table.keep(rows: chosen) }
    return table
  }

  private func rows(of file: String, where condition: Condition, expecting table: SampleTable) throws -> [Int] {
    let wanted = Array(condition.equals.utf8)
    var chosen: [Int] = [], others: [String] = [], row = 0
    try forEachText(of: condition.column, in: file, expecting: table) { text in
      if text.elementsEqual(wanted) {
        chosen.append(row)
      } else if others.count <= 12 {
        let other = String(decoding: text, as: UTF8.self)
        if !others.contains(other) { others.append(other) }
      }
      row += 1
    }
    guard !chosen.isEmpty else {
      throw SampleError.noMatch(file: file, column: condition.column, value: condition.equals, some: others)
    }
    return chosen
  }

  /// Calls a body with the text of each row in a column of a table, which must have the rows of the samples.
  private func forEachText(
    of name: String, in file: String, expecting table: SampleTable, _ body: (ArraySlice<UInt8>) -> Void
  ) throws {
    guard try sampleFormat(of: file) == DelimitedText.self else { throw SampleError.columnNeedsTable(file: file) }
    var reader = try DelimitedReader(file)
    guard try reader.next() else { throw SampleError.malformed(file: file, reason: "is empty") }
    let names = reader.fields.indices.map { reader.field($0) }
    var column = try DelimitedText.index(of: name, in: names, file: file), row = 0
    reader.mayLackName = true
    while try reader.next() {
      if row == 0, reader.lacksName { column += 1 }
      guard column < reader.fields.count else {
        throw SampleError.unknownColumn(file: file, column: name, available: names)
      }
      body(reader.text[reader.fields[column]])
      row += 1
    }
    guard row == table.rows else {
      throw SampleError.rowCounts(file: table.file, rows: table.rows, table: file, tableRows: row)
    }
  }

  private func resolved(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
  }
}

extension RandomNumbers {
  /// `count` of the numbers 0 ..< `total`, ascending, every choice equally likely (selection sampling; Fan, Muller and
  /// Rezucha 1962).
  func choice(of count: Int, from total: Int) -> [Int] {
    var stream = stream(0), result: [Int] = []
    result.reserveCapacity(count)
    for index in 0..<total where result.count < count {
      if stream.integer(below: total - index) < count - result.count { result.append(index) }
    }
    return result
  }
}
