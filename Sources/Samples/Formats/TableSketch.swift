/// The first records of a table of text, from which follows what its first line is.
struct TableSketch {
  /// A field as evidence.
  struct Cell {
    let kind: FieldKind
    /// NaN where it is no number.
    let number: Double
    /// Whether it has digits and nothing else.
    let isDigits: Bool
    /// Whether it has digits and nothing else, without zeros in front.
    let isWhole: Bool
    /// Whether it is a whole number that may have a minus sign.
    let isInteger: Bool
    let isMinusZero: Bool
    /// Whether it is a number with a point or an exponent.
    let hasPoint: Bool
    let isQuoted: Bool

    init(_ text: String, isQuoted: Bool) {
      kind = FieldText.kind(text)
      number = FieldText.number(text) ?? .nan
      let digits = FieldText.trimmed(text).utf8
      func areDigits(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { (48...57).contains($0) }
      }
      isDigits = areDigits(digits)
      isWhole = isDigits && (digits.count == 1 || digits.first != 48) && digits.count < 10
      isInteger = isDigits || digits.first == UInt8(ascii: "-") && areDigits(digits.dropFirst())
      isMinusZero = isInteger && !isDigits && number == 0
      hasPoint = kind == .number && digits.contains { $0 == 46 || $0 == 101 || $0 == 69 }
      self.isQuoted = isQuoted
    }
  }

  private static let mostRows = 200
  private static let mostCells = 1 << 20

  /// The texts of the first record.
  private(set) var texts: [String] = []
  /// The first record.
  private(set) var first: [Cell] = []
  /// The first text of each record behind the first.
  private(set) var firstTexts: [String] = []
  /// Those behind it that have as many fields as the second.
  private(set) var rows: [[Cell]] = []

  init(_ head: TextHead, separator: UInt8, file: String) throws {
    var scanner = RecordScanner(head.bytes, separator: separator, file: file, from: head.start, line: head.line)
    var cells = 0
    while rows.count < Self.mostRows, cells < Self.mostCells {
      do { guard try scanner.next() else { return } } catch {
        // What is cut off by the end of this part is no error of the file; one of the whole file the reader meets again.
        return
      }
      if scanner.isBlank || scanner.isComment && !first.isEmpty && scanner.fields.count != width { continue }
      guard head.isWhole || !scanner.endsFile || first.isEmpty else { return }
      let texts = scanner.fields.indices.map(scanner.field)
      let record = texts.indices.map { Cell(texts[$0], isQuoted: scanner.quoted.contains($0)) }
      cells += record.count
      if first.isEmpty {
        first = record
        self.texts = texts.map(FieldText.trimmed)
      } else if rows.isEmpty || record.count == rows[0].count {
        firstTexts.append(FieldText.trimmed(texts[0]))
        rows.append(record)
      }
    }
  }

  /// Leaves out the fields behind these columns.
  mutating func cut(to width: Int) {
    texts = Array(texts.prefix(width))
    first = Array(first.prefix(width))
    rows = rows.map { Array($0.prefix(width)) }
  }

  /// The first texts of the first record, for messages.
  var start: String {
    texts.prefix(5).map { String($0.prefix(30)) }.joined(separator: ", ") + (texts.count > 5 ? ", ..." : "")
  }

  /// The number of fields of the records behind the first, or of the first where it is alone.
  var width: Int { rows.first?.count ?? first.count }

  /// The fields of a column behind the first record.
  func below(_ column: Int) -> some Collection<Cell> { rows.lazy.map { $0[column] } }

  /// Whether a column holds text in every record behind the first.
  func isText(_ column: Int) -> Bool { !rows.isEmpty && below(column).allSatisfy { $0.kind == .name } }
}
