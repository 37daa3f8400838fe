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
  /// Only these columns, in this order.
  package var columns: [ColumnName]?
  /// All columns but these.
  package var skip: [ColumnName]?
  /// Whether the first line of a table of text holds the columns' names; nil: the table shows it.
  package var header: Bool?
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
    .value(
      "columns", optional: \.columns, "only these columns, in this order, by name or by number from 1",
      allowed: "a list of names and numbers", otherwise: "all"
    ) { !$0.isEmpty },
    .value(
      "skip", optional: \.skip, "columns that are left out, by name or by number from 1",
      allowed: "a list of names and numbers"),
    .value(
      "header", optional: \.header, "whether the first line of a .csv or .tsv holds the columns' names",
      otherwise: "where the table shows it"),
    .value("limit", optional: \.limit, "a random choice of so many rows", allowed: "a whole number above 0") { $0 > 0 },
  ]

  package func complete(given: Set<String>) throws {
    guard columns == nil || skip == nil else {
      throw KeyError("skip", "cannot stand beside 'columns', which names all that are taken; remove one of the two")
    }
  }

  /// The path for a deck in `folder`.
  func path(in folder: String) -> String { resolved(file, in: folder) }

  /// Reads the chosen rows, in the file's order. Only called on the root.
  ///
  /// NaN and infinities are errors in the rows that `where` chooses; `limit` draws from these without replacement.
  func read(folder: String, selection: RandomNumbers) throws -> SampleTable {
    let path = path(in: folder)
    let table = try columns(of: path, sampleFormat(of: path))
    if columns == nil { table.noteCounting() }
    if let labels {
      var texts: [String] = []
      // A text in another Unicode form is the same label.
      var forms: [String: String] = [:]
      try forEachText(of: labels.column, in: labels.file.map { resolved($0, in: folder) }, or: path, expecting: table) {
        texts.append(forms[$0] ?? $0)
        if forms[$0] == nil { forms[$0] = $0 }
      }
      table.labels = texts
    }
    var chosen = try `where`.map { condition in
      try rows(
        of: condition.file.map { resolved($0, in: folder) }, or: path, where: condition, expecting: table)
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

  /// Reads the columns that are coordinates.
  private func columns(of path: String, _ format: any SampleFormat.Type) throws -> SampleTable {
    if let array, !format.hasNamedArrays { throw SampleError.arrayNotNamed(file: path, array: array) }
    // A column of the samples' own file that says something of the rows is no coordinate.
    let own = [
      `where`.flatMap { $0.file == nil ? $0.column : nil }, labels.flatMap { $0.file == nil ? $0.column : nil },
    ]
    .compactMap { $0 }
    let choice = ColumnChoice(only: columns, without: skip ?? [])
    if format == DelimitedText.self {
      return try DelimitedText.read(path, columns: choice, without: own, header: layoutHeader)
    }
    if header != nil { throw SampleError.headerOfNoTable(file: path) }
    if !own.isEmpty { throw SampleError.columnNeedsTable(file: path) }
    let table = try format.read(path, array: array)
    try choice.apply(to: table)
    return table
  }

  private var layoutHeader: TableLayout.Header { header.map { $0 ? .yes : .no } ?? .automatic }

  private func rows(
    of file: String?, or own: String, where condition: Condition, expecting table: SampleTable
  ) throws -> [Int] {
    let wanted = FieldText.trimmed(condition.equals)
    var chosen: [Int] = [], others: [String] = [], row = 0
    // Texts are equal in any Unicode form.
    try forEachText(of: condition.column, in: file, or: own, expecting: table) { text in
      if text == wanted {
        chosen.append(row)
      } else if others.count <= 12, !others.contains(text) {
        others.append(text)
      }
      row += 1
    }
    guard !chosen.isEmpty else {
      throw SampleError.noMatch(
        file: file ?? own, column: condition.column, value: condition.equals, some: others)
    }
    return chosen
  }

  /// Calls a body with the text of each row in a column of a table, which must have the rows of the samples: the samples' own
  /// file where no other one is given.
  private func forEachText(
    of name: String, in other: String?, or own: String, expecting table: SampleTable, _ body: (String) -> Void
  ) throws {
    let file = other ?? own
    guard try sampleFormat(of: file) == DelimitedText.self else { throw SampleError.columnNeedsTable(file: file) }
    let needed = [name] + (other == nil ? ColumnChoice(only: columns, without: skip ?? []).names : [])
    var reader = try DelimitedReader(file, header: other == nil ? layoutHeader : .automatic, needed: needed)
    let column = try DelimitedText.index(of: name, in: reader.layout.names, file: file)
    var row = 0
    // Where both tables begin with words, these are the rows' names.
    let places = other == nil || column == 0 ? [:] : table.placesOfNames
    while try reader.next() {
      if !places.isEmpty, let name = try? reader.name(0), let place = places[name], place != row {
        throw SampleError.rowOrder(file: table.file, name: name, row: place + 1, table: file, tableRow: row + 1)
      }
      body(try reader.name(column))
      row += 1
    }
    guard row == table.rows else {
      throw SampleError.rowCounts(file: table.file, rows: table.rows, table: file, tableRows: row)
    }
  }

  /// The path of a file of the deck.
  private func resolved(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
  }
}

extension SampleTable {
  /// The rows by their names; empty where these are numbers or stand there several times.
  fileprivate var placesOfNames: [String: Int] {
    var places: [String: Int] = [:]
    for (row, name) in (rowNames ?? []).enumerated() {
      guard FieldText.kind(name) == .name, places.updateValue(row, forKey: name) == nil else { return [:] }
    }
    return places
  }

  /// Says which columns count the rows, as an index does that was stored with the numbers.
  fileprivate func noteCounting() {
    guard rows > 2, columns > 1 else { return }
    for column in 0..<columns {
      let first = self[column]
      guard first == 0 || first == 1,
        (1..<rows).allSatisfy({ self[$0 * columns + column] == first + Double($0) })
      else { continue }
      let start = Int(first)
      let name = columnNames?[column] ?? "\(column + 1)"
      notes.append(
        "column \(self.name(ofColumn: column)) counts the rows (\(start), \(start + 1), ...); if it is no coordinate, 'skip: "
          + "[\(oneLine(name, limit: 60))]' leaves it out")
    }
  }
}

extension RandomNumbers {
  /// `count` of the numbers 0 ..< `total`, ascending, every choice equally likely (selection sampling; Fan, Muller and
  /// Rezucha 1962). Choices of different indices are independent.
  package func choice(of count: Int, from total: Int, index: Int = 0) -> [Int] {
    var stream = stream(index), result: [Int] = []
    result.reserveCapacity(count)
    for index in 0..<total where result.count < count {
      if stream.integer(below: total - index) < count - result.count { result.append(index) }
    }
    return result
  }
}
