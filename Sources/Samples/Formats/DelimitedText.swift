import Glibc
import Parameters

/// `.csv` and `.tsv`: numbers in text, one row a line. The first line is a header if one of its fields is not a number.
enum DelimitedText: SampleFormat {
  static let name = ".csv, .tsv (also .gz)"

  static func recognises(name: String) -> Bool { name.hasSuffix(".csv") || name.hasSuffix(".tsv") }

  /// Whether a file's columns are separated by tabs.
  static func isTabs(_ file: String) -> Bool {
    let name = lowercased(file)
    return name.hasSuffix(".tsv") || name.hasSuffix(".tsv.gz")
  }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    try read(file, without: [])
  }

  /// Words that stand for a missing number, in small letters: no names of a row or a column.
  private static let missing: Set = ["na", "n/a", "#n/a", "null", "none", ".", "-", "?"]

  /// Reads all columns but those of these names, which then must be in the header. Under a header, a first column of
  /// text is taken for the rows' names. The header may have an empty name for it, as pandas writes tables, or none, as R
  /// does. Where the column has a name, every row must hold text: a text among numbers and a first row with a missing number
  /// are errors, and no reason to leave the column out; and where it alone has a name, the first line may be a row, too.
  static func read(_ file: String, without left: [String]) throws -> SampleTable {
    var reader = try DelimitedReader(file)
    guard try reader.next() else { throw SampleError.malformed(file: file, reason: "is empty") }
    var names: [String]?
    let hasText = reader.fields.indices.contains { isText($0, of: reader) }
    let isUnnamed = reader.fields.count > 1 && plain(reader.field(0)).isEmpty
    if !left.isEmpty || hasText || isUnnamed { names = reader.fields.indices.map { reader.field($0) } }
    let namesRest = reader.fields.indices.dropFirst().contains { isName($0, of: reader) }
    if names != nil {
      reader.mayLackName = true
      guard try reader.next() else { throw SampleError.malformed(file: file, reason: "has a header but no rows") }
      if left.isEmpty, !hasText, !isText(0, of: reader) {
        throw SampleError.notANumber(file: file, row: 1, column: "1", text: "")
      }
      if reader.lacksName {
        names?.insert("", at: 0)
      } else {
        names = names?.prefix(reader.width).map { $0 }
      }
    }
    let skipped = try left.map { try index(of: $0, in: names ?? [], file: file) }
    var others = (0..<reader.width).filter { !skipped.contains($0) }
    let hasRowNames =
      names != nil && others.first == 0 && others.count > 1
      && (reader.lacksName || isUnnamed && isText(0, of: reader) || namesRest && isName(0, of: reader))
    if hasRowNames { others.removeFirst() }
    guard !others.isEmpty else {
      throw SampleError.malformed(file: file, reason: "has no columns besides '\(left.joined(separator: "', '"))'")
    }
    let table = SampleTable(
      file: file, columns: others.count, columnNames: names.map { names in others.map { plain(names[$0]) } })
    let rowNamesName = plain(names?[0] ?? "")
    var rowNames: [String] = []
    repeat {
      if hasRowNames {
        rowNames.append(reader.field(0))
        guard rowNamesName.isEmpty || isText(0, of: reader) else {
          throw SampleError.notANumber(
            file: file, row: 1, column: "'\(oneLine(rowNamesName, limit: 60))'", text: String(rowNames[0].prefix(40)))
        }
      }
      try append(reader, to: table, columns: others)
    } while try reader.next()
    if hasRowNames { table.rowNames = rowNames }
    return table
  }

  /// The position of a column in a header; the name must be there once.
  static func index(of column: String, in names: [String], file: String) throws -> Int {
    guard let first = names.firstIndex(of: column) else {
      throw SampleError.unknownColumn(file: file, column: column, available: names)
    }
    guard names.lastIndex(of: column) == first else {
      throw SampleError.malformed(file: file, reason: "has several columns '\(column)'; rename all but one")
    }
    return first
  }

  /// A name without the blanks around it.
  private static func plain(_ name: String) -> String {
    let bytes = Array(name.utf8)
    return bytes.withUnsafeBufferPointer { String(decoding: $0[trimmed(0..<$0.count, in: $0)], as: UTF8.self) }
  }

  /// Whether a field is text that stands for no missing number.
  private static func isName(_ index: Int, of reader: DelimitedReader) -> Bool {
    isText(index, of: reader) && !missing.contains(lowercased(plain(reader.field(index))))
  }

  /// Whether a field is neither empty nor a number.
  static func isText(_ index: Int, of reader: DelimitedReader) -> Bool {
    reader.text.withUnsafeBufferPointer { text in
      let range = trimmed(reader.fields[index], in: text)
      return !range.isEmpty && number(text, range) == nil
    }
  }

  private static func append(_ reader: DelimitedReader, to table: SampleTable, columns: [Int]) throws {
    try reader.text.withUnsafeBufferPointer { text in
      for (column, index) in columns.enumerated() {
        let range = trimmed(reader.fields[index], in: text)
        guard !range.isEmpty, let value = number(text, range) else {
          throw SampleError.notANumber(
            file: table.file, row: table.rows + 1, column: table.name(ofColumn: column),
            text: String(decoding: text[range].prefix(40), as: UTF8.self))
        }
        table.append(value)
      }
    }
  }

  @inline(__always)
  private static func trimmed(_ field: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var lower = field.lowerBound, upper = field.upperBound
    while lower < upper, text[lower] == 32 || text[lower] == 9 { lower += 1 }
    while upper > lower, text[upper - 1] == 32 || text[upper - 1] == 9 { upper -= 1 }
    return lower..<upper
  }

  /// The decimal number that a whole field is; nil where it is something else, such as 0x1F, which is a name rather than a
  /// number in a table. The bytes behind the field are a blank or zero.
  @inline(__always)
  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double? {
    guard let base = text.baseAddress else { return nil }
    let start = UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self)
    var end: UnsafeMutablePointer<CChar>?
    let value = strtod(start, &end)
    guard end.map({ UnsafePointer($0) }) == start + range.count else { return nil }
    return text[range].prefix(3).contains { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "X") } ? nil : value
  }
}
