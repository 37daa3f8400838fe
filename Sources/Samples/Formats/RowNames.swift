import Parameters

/// The first column of a table of text where it holds no coordinate: names or numbers of the rows.
struct RowNames {
  private enum Kind {
    /// A column without a name: anything but numbers that are no index.
    case index
    /// A column with a name: text in every row.
    case text
    /// A column for which the first line has no field.
    case short
  }

  private let kind: Kind
  private let name: String
  private(set) var texts: [String] = []
  private var index = IndexNumbers()

  /// The first column as it stands in the first row; nil where it is a coordinate.
  init?(_ reader: DelimitedReader) throws {
    let layout = reader.layout
    guard layout.width > 1 else { return nil }
    name = layout.names?[0] ?? ""
    if layout.lacksName {
      kind = .short
    } else if layout.names != nil, TableLayout.isUnnamed(name) {
      kind = .index
    } else if layout.names == nil ? layout.isTextFirst : FieldText.kind(try reader.name(0)) == .name {
      kind = .text
    } else {
      return nil
    }
  }

  /// Takes the name of a row.
  mutating func take(_ reader: DelimitedReader) throws {
    let text = try reader.name(0)
    texts.append(text)
    switch kind {
    case .short: break
    case .text:
      guard !text.isEmpty, FieldText.number(text) == nil else {
        throw SampleError.notANumber(
          file: reader.file, row: 1, column: name.isEmpty ? "1" : "'\(oneLine(name, limit: 60))'",
          text: String(texts[0].prefix(40)))
      }
    case .index: index.take(text)
    }
  }

  /// What a user should know of it. Throws where the column can be a coordinate and nobody asked for others alone.
  func note(file: String, isAsked: Bool) throws -> String? {
    switch kind {
    case .short: return nil
    case .text where name.isEmpty: return "its first column holds text and is taken for the rows' names"
    case .text: return "its first column '\(oneLine(name, limit: 60))' holds text and is taken for the rows' names"
    case .index where index.hasText: return "its first column, which has no name, is taken for the rows' names"
    case .index:
      guard !isAsked || index.isIndex else { throw SampleError.unnamedColumn(file: file, number: 1) }
      return "its first column, which has no name, numbers the rows and is left out"
    }
  }
}

/// Whether the values of a column are whole numbers as those of an index are: all different, or counted from 0 once or, where
/// tables were put together, several times.
struct IndexNumbers {
  private(set) var hasText = false
  private var areWhole = true, areDifferent = true, areCounted = true
  private var last = -1
  private var seen: Set<Int> = []

  var isIndex: Bool { areWhole && (areDifferent || areCounted) }

  mutating func take(_ text: String) {
    guard let number = FieldText.number(text) else {
      hasText = true
      return
    }
    guard areWhole, let whole = Int(exactly: number) else {
      areWhole = false
      return
    }
    areCounted = areCounted && (whole == 0 || whole == last + 1)
    areDifferent = areDifferent && seen.insert(whole).inserted
    last = whole
  }
}

/// A column behind the first that is an index as well: a table that pandas read and wrote again.
struct IndexColumn {
  private let column: Int
  private let name: String
  private let file: String
  private var numbers = IndexNumbers()

  init(_ reader: DelimitedReader, _ column: Int) throws {
    self.column = column
    file = reader.file
    name = reader.layout.names?[column] ?? ""
  }

  mutating func take(_ reader: DelimitedReader) throws { numbers.take(try reader.name(column)) }

  /// What a user should know of it. Throws where the column can be a coordinate.
  func note() throws -> String {
    guard numbers.isIndex, !numbers.hasText else { throw SampleError.unnamedColumn(file: file, number: column + 1) }
    return "its column '\(oneLine(name, limit: 60))' numbers the rows and is left out"
  }
}
