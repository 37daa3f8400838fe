import Numerics
import Parameters

/// Rows that stand in a file, all or some.
package struct SampleFile: Section, Equatable {
  /// A condition on the rows: those whose text in a column is equal to a text, or to one of several.
  package struct Condition: Section, Equatable {
    /// The table with the column, whose rows are those of the samples, by name or in the same order; nil: the samples' own
    /// file, and then the column itself is not part of the samples.
    package var file: String?
    /// The column's name in the header.
    package var column: String?
    /// An array of a file of several, with a number for each row.
    package var array: String?
    /// The texts that the chosen rows have there, one or the other.
    package var equals = TextList([""])

    package init() {}

    package static let keys: [Key<Condition>] = [
      .value(
        "file", optional: \.file,
        "a table with the column, or a file of one number a row (.npy, IDX); none: the samples' own file",
        allowed: "the path of a file", where: isPath),
      .value("column", optional: \.column, "the column's name"),
      .value("array", optional: \.array, "in the place of a column: an array of one number a row"),
      .value("equals", \.equals, "the text that the chosen rows have there, or a list of texts", isRequired: true),
    ]

    package func complete(given: Set<String>) throws {
      try requirePlace(file, column, array, "say in which column, array or file the texts stand")
    }
  }

  /// Where the rows' labels stand: in a column of a table, or in an array.
  package struct Labels: Section, Equatable {
    /// As that of a ``Condition``, or a file of an array (.npy, IDX).
    package var file: String?
    /// The column's name in the header.
    package var column: String?
    /// An array of a file of several, with a number for each row.
    package var array: String?
    /// Other words for some labels.
    package var renamed: Renaming?

    package init() {}

    package static let keys: [Key<Labels>] = [
      .value(
        "file", optional: \.file,
        "a table with the column, or a file of one number a row (.npy, IDX); none: the samples' own file",
        allowed: "the path of a file", where: isPath),
      .value("column", optional: \.column, "the column's name"),
      .value("array", optional: \.array, "in the place of a column: an array of one number a row"),
      .value("as", optional: \.renamed, "other words for some of the labels, as {Positive: 1, Negative: 0}"),
    ]

    package func complete(given: Set<String>) throws {
      try requirePlace(file, column, array, "say in which column, array or file the labels stand")
    }
  }

  private static func requirePlace(_ file: String?, _ column: String?, _ array: String?, _ hint: String) throws {
    guard column == nil || array == nil else {
      throw KeyError("array", "cannot stand beside 'column'; remove one of the two")
    }
    guard file != nil || column != nil || array != nil else { throw KeyError("column", "is missing; \(hint)") }
  }

  /// The names of columns, where the file has none.
  package struct Names: Section, Equatable {
    /// A text with one name a line.
    package var file = ""

    package init() {}

    package static let keys: [Key<Names>] = [
      .value(
        "file", \.file, "a text with one name a line (also .gz)", allowed: "the path of a file", isRequired: true,
        where: isPath)
    ]
  }

  /// What stands in the rows of a table.
  package enum Orientation: String, Sendable, CaseIterable {
    case samplesInRows = "samples_in_rows"
    case samplesInColumns = "samples_in_columns"
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
  /// What stands in the file's rows.
  package var orientation: Orientation?
  /// The columns' names, where the file has none.
  package var names: Names?
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
    .choice(
      "orientation", optional: \.orientation,
      "what the rows of the file are; gene tables have samples in columns",
      otherwise: Orientation.samplesInRows.rawValue),
    .section("names", optional: \.names, "the columns' names, where the file has none"),
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
    let table = try columns(of: path, sampleFormat(of: path), folder)
    if columns == nil, !table.isSparse { table.noteCounting() }
    if let labels {
      let source = texts(labels.file, labels.column, array: labels.array, folder)
      table.labels = Self.normalized(try source.read(for: table, of: path), as: labels.renamed)
    }
    var chosen = try `where`.map { condition in
      try rows(of: path, where: condition, expecting: table, folder)
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

  /// A text in another Unicode form is the same label.
  private static func normalized(_ texts: [String], as renaming: Renaming?) -> [String] {
    var forms: [String: String] = [:]
    return texts.map { text in
      if let known = forms[text] { return known }
      let word = renaming?(text) ?? text
      forms[text] = word
      return word
    }
  }

  /// Reads the columns that are coordinates.
  private func columns(of path: String, _ format: any SampleFormat.Type, _ folder: String) throws -> SampleTable {
    if let array, !format.hasNamedArrays { throw SampleError.arrayNotNamed(file: path, array: array) }
    // A column of the samples' own file that says something of the rows is no coordinate.
    let own = [
      `where`.flatMap { $0.file == nil ? $0.column : nil }, labels.flatMap { $0.file == nil ? $0.column : nil },
    ]
    .compactMap { $0 }
    let choice = ColumnChoice(only: columns, without: skip ?? []), isText = format == DelimitedText.self
    let isTurned = orientation == .samplesInColumns
    if isText, !isTurned, names == nil {
      return try DelimitedText.read(path, columns: choice, without: own, header: layoutHeader)
    }
    if !isText, header != nil { throw SampleError.headerOfNoTable(file: path) }
    let hasColumns = format == AnnData.self || format == SeriesMatrix.self
    if !own.isEmpty, !hasColumns, isTurned || !isText { throw SampleError.columnNeedsTable(file: path) }
    let table =
      try isText
      ? DelimitedText.read(path, without: isTurned ? [] : own, header: layoutHeader) : format.read(path, array: array)
    if isTurned {
      guard !table.isSparse, !hasColumns else { throw SampleError.notTurnable(file: path) }
      try table.exchange()
    }
    if let names { try table.name(from: resolved(names.file, in: folder)) }
    try choice.apply(to: table)
    return table
  }

  private var layoutHeader: TableLayout.Header { header.map { $0 ? .yes : .no } ?? .automatic }

  private func texts(_ file: String?, _ column: String?, array: String? = nil, _ folder: String) -> RowTexts {
    RowTexts(
      file: file.map { resolved($0, in: folder) }, column: column, array: array, header: layoutHeader,
      needed: ColumnChoice(only: columns, without: skip ?? []).names)
  }

  private func rows(
    of own: String, where condition: Condition, expecting table: SampleTable, _ folder: String
  ) throws -> [Int] {
    let source = texts(condition.file, condition.column, array: condition.array, folder)
    let found = try source.read(for: table, of: own), wanted = condition.equals.all.map(FieldText.trimmed)
    // Texts are equal in any Unicode form.
    for text in wanted where !found.contains(text) {
      var others: [String] = []
      for other in found where others.count <= 12 && !others.contains(other) { others.append(other) }
      throw SampleError.noMatch(
        file: source.file ?? own, column: condition.column, value: text, some: others)
    }
    return found.indices.filter { wanted.contains(found[$0]) }
  }

  /// The path of a file of the deck.
  private func resolved(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
  }
}

extension SampleTable {
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

extension SampleTable {
  /// Gives the columns the names of a text with one a line. Throws a ``SampleError``.
  fileprivate func name(from path: String) throws {
    guard columnNames == nil else { throw SampleError.namesGiven(file: file) }
    var scanner = RecordScanner(try ByteStream.open(path), separator: 0, read: [], from: 0, line: 1)
    var names: [String] = []
    while try scanner.next() {
      if scanner.isBlank, scanner.endsFile { break }
      names.append(FieldText.trimmed(try scanner.name(0)))
    }
    guard names.count == columns else {
      throw SampleError.nameCount(file: file, columns: columns, names: path, count: names.count)
    }
    columnNames = names
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
