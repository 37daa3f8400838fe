/// How the records of a table of text are read: what its columns are called, and where its rows begin.
struct TableLayout {
  /// Who says whether the first line holds names.
  enum Header: Equatable {
    /// The table itself.
    case automatic
    case yes, no
  }

  /// The names of the columns, an empty one where the first line has none for the first of them.
  private(set) var names: [String]?
  /// The number of columns.
  private(set) var width: Int
  /// The number of fields without a value that may stand behind them in each record.
  private(set) var spare = 0
  /// Whether the first record holds the names.
  private(set) var hasHeader = false
  /// Whether the first line has no field for the first column, as R writes tables.
  private(set) var lacksName = false
  /// Whether the first column is text in all records that were looked at.
  private(set) var isTextFirst = false
  /// What is wrong where the commas do not separate columns but are decimal commas.
  private(set) var decimalCommas: SampleError?
  /// What a user should know of it.
  private(set) var notes: [String] = []

  /// - Parameter needed: names of columns that must be there, so that there must be a header.
  init(
    _ sketch: TableSketch, _ head: TextHead, separator: UInt8, header: Header, needed: [String], file: String
  ) throws {
    guard !sketch.first.isEmpty else { throw SampleError.malformed(file: file, reason: "is empty") }
    var sketch = sketch
    width = sketch.first.count
    let mayHaveNames = header != .no
    let areNames = sketch.first.contains { $0.kind == .name || $0.isQuoted }
    if sketch.width > width {
      try widen(sketch, mayLackName: mayHaveNames && areNames, file: file, isComma: separator == UInt8(ascii: ","))
    } else if sketch.width == width {
      let ends = [sketch.texts.reversed().prefix { Self.isUnnamed($0) }.count] + sketch.rows.map(Self.emptyEnd)
      if ends.count > 1 { spare = min(ends.min() ?? 0, width - 1) }
      width -= spare
    } else if sketch.width == width - 1, sketch.texts.last == "" {
      width -= 1
      spare = 1
    }
    if lacksName {
      names = [""] + sketch.texts
      hasHeader = true
      return
    }
    sketch.cut(to: width)
    isTextFirst = width > 1 && sketch.isText(0)
    defer {
      if names == nil, separator == UInt8(ascii: ",") { decimalCommas = DecimalCommas.error(sketch, file: file) }
    }
    guard mayHaveNames else { return }
    let first = FirstLine(sketch)
    let said = try Self.comment(head, separator: separator, sketch, file: file)
    let isNeeded = said.map { said in !needed.isEmpty && needed.allSatisfy(said.names.contains) } ?? false
    if let said, isNeeded || first != .names(areNumbers: false) && said.names.allSatisfy(Self.isWord) {
      names = said.names
      notes.append("the comment in line \(said.line) names its columns; header: false takes no names")
      return
    }
    if header == .yes || !needed.isEmpty {
      names = sketch.texts
    } else {
      try take(first, sketch, file: file)
    }
    hasHeader = names != nil
  }

  /// Records with more fields than the first.
  private mutating func widen(_ sketch: TableSketch, mayLackName: Bool, file: String, isComma: Bool) throws {
    let more = sketch.width - width, end = sketch.rows.map(Self.emptyEnd).min() ?? 0
    if isComma, DecimalCommas.areBelow(names: width, sketch) {
      throw SampleError.malformed(
        file: file,
        reason:
          "has \(width) \(width == 1 ? "value" : "values") in the first line, but \(sketch.width) behind it: numbers need a "
          + "decimal point, not a decimal comma; a title above the table needs a '#' in front of it")
    }
    if end >= more {
      spare = more
    } else if more == 1, mayLackName, let first = sketch.rows.first?[0],
      first.isQuoted || first.kind == .name || countsFromOne(sketch)
    {
      lacksName = true
      width += 1
      notes.append("its first column, for which the first line has no name, is taken for the rows' names")
    }
  }

  /// Whether the first of at least three columns holds 1, 2, 3 ... as R's names of rows.
  private func countsFromOne(_ sketch: TableSketch) -> Bool {
    width > 1 && sketch.rows.count > 1
      && sketch.below(0).enumerated().allSatisfy { $1.isWhole && $1.number == Double($0 + 1) }
  }

  private mutating func take(_ first: FirstLine, _ sketch: TableSketch, file: String) throws {
    switch first {
    case .names(let areNumbers):
      names = sketch.texts
      if areNumbers {
        notes.append(
          "its first line (\(sketch.start)) is taken for names of columns; header: false makes it a row")
      }
    case .row: break
    case .broken(let column):
      throw SampleError.wordInFirstLine(
        file: file, column: "\(column + 1)", text: String(sketch.texts[column].prefix(40)))
    case .unclear: throw SampleError.unclearFirstLine(file: file, text: sketch.start)
    }
  }

  /// The names in the comment right above the first record, where it has one for each column.
  private static func comment(
    _ head: TextHead, separator: UInt8, _ sketch: TableSketch, file: String
  ) throws -> (names: [String], line: Int)? {
    guard let last = head.comments.last, last.line == head.line - 1 else { return nil }
    var scanner = RecordScanner(last.text, separator: separator, file: file)
    guard (try? scanner.next()) == true, scanner.fields.count == sketch.first.count else { return nil }
    let names = try scanner.fields.indices.map { FieldText.trimmed(try scanner.name($0, line: last.line)) }
    let kinds = names.map(FieldText.kind)
    guard kinds.contains(.name), !kinds.dropFirst().contains(.empty) else { return nil }
    return (names, last.line)
  }

  /// Whether a name is one word, perhaps with a unit in brackets, and no part of a sentence.
  private static func isWord(_ name: String) -> Bool {
    name.split(separator: " ").dropFirst().allSatisfy { $0.hasPrefix("(") || $0.hasPrefix("[") }
  }

  /// Whether a column has no name; pandas writes and reads `Unnamed: 0` for none.
  static func isUnnamed(_ name: String) -> Bool {
    name.isEmpty
      || name.hasPrefix("Unnamed: ") && name.dropFirst(9).allSatisfy { $0.isNumber || $0 == "." || $0 == "_" }
  }

  private static func emptyEnd(_ record: [TableSketch.Cell]) -> Int {
    record.reversed().prefix { $0.kind == .empty }.count
  }

}
