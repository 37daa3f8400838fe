import Glibc

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
    try read(file, without: nil)
  }

  /// Reads all columns, or all but the one of a name, which then must be in the header.
  static func read(_ file: String, without label: String?) throws -> SampleTable {
    var reader = try DelimitedReader(file)
    guard try reader.next() else { throw SampleError.malformed(file: file, reason: "is empty") }
    var names: [String]?
    if label != nil || hasText(reader) { names = reader.fields.indices.map { reader.field($0) } }
    let skipped = try label.map { try index(of: $0, in: names ?? [], file: file) }
    let named = reader.width
    if names != nil {
      guard try reader.next() else { throw SampleError.malformed(file: file, reason: "has a header but no rows") }
      names?.removeLast(named - reader.width)
    }
    if let skipped {
      guard skipped < reader.width else {
        throw SampleError.unknownColumn(file: file, column: label ?? "", available: names ?? [])
      }
      names?.remove(at: skipped)
    }
    let columns = reader.width - (skipped == nil ? 0 : 1)
    guard columns > 0 else {
      throw SampleError.malformed(file: file, reason: "has no columns besides '\(label ?? "")'")
    }
    let table = SampleTable(file: file, columns: columns, columnNames: names)
    repeat { try append(reader, to: table, without: skipped) } while try reader.next()
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

  private static func hasText(_ reader: DelimitedReader) -> Bool {
    reader.text.withUnsafeBufferPointer { text in
      reader.fields.contains { trimmed($0, in: text).isEmpty == false && number(text, trimmed($0, in: text)) == nil }
    }
  }

  private static func append(_ reader: DelimitedReader, to table: SampleTable, without skipped: Int?) throws {
    try reader.text.withUnsafeBufferPointer { text in
      var column = 0
      for (index, field) in reader.fields.enumerated() where index != skipped {
        let range = trimmed(field, in: text)
        guard !range.isEmpty, let value = number(text, range) else {
          throw SampleError.notANumber(
            file: table.file, row: table.rows + 1, column: table.name(ofColumn: column),
            text: String(decoding: text[range].prefix(40), as: UTF8.self))
        }
        table.append(value)
        column += 1
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
  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Float? {
    guard let base = text.baseAddress else { return nil }
    let start = UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self)
    var end: UnsafeMutablePointer<CChar>?
    let value = strtof(start, &end)
    guard end.map({ UnsafePointer($0) }) == start + range.count else { return nil }
    return text[range].prefix(3).contains { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "X") } ? nil : value
  }
}
