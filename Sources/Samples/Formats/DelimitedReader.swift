/// Reads a table of text record by record: separators, quotes ("" inside quotes is one quote), line ends of all kinds.
struct DelimitedReader {
  private let stream: ByteStream
  private let separator: UInt8
  private var buffer: [UInt8]
  private var position = 0
  private var filled = 0
  private var isFirst = true

  /// The bytes of all fields of the record, each followed by a zero byte.
  private(set) var text: [UInt8] = []
  /// Where each field's bytes lie in ``text``, without the zero byte.
  private(set) var fields: [Range<Int>] = []

  /// The number of fields that every record must have: those of the first, without a name after a comma too many where the
  /// second record shows that it is one.
  private(set) var width = 0
  private var endsEmpty = false
  /// Whether the first record may be a header without a name for a first column, whose fields are text or in quotes.
  var mayLackName = false
  /// Whether it is one.
  private(set) var lacksName = false
  private var startsQuoted = false

  /// The number of records so far, blank ones at the end left out.
  private(set) var records = 0

  /// A reader at the beginning of a `.tsv` (tabs) or `.csv` (commas, or else semicolons or tabs: whichever is on the first
  /// line).
  init(_ file: String) throws {
    stream = try ByteStream.open(file)
    buffer = [UInt8](repeating: 0, count: 1 << 18)
    filled = try buffer.withUnsafeMutableBytes { [stream] in try stream.read(into: $0) }
    // A byte order mark is no part of the first name.
    if filled >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { position = 3 }
    let isTabs = DelimitedText.isTabs(file)
    let line = buffer[position..<filled].prefix { $0 != 10 && $0 != 13 }
    let candidates: [UInt8] = isTabs ? [9] : [44, 59, 9]
    separator = candidates.first { line.contains($0) } ?? candidates[0]
  }

  /// Reads the next record; false at the end of the file.
  mutating func next() throws -> Bool {
    var blanks = 0
    while try readRecord() {
      if fields.count == 1, fields[0].isEmpty {
        blanks += 1
        continue
      }
      guard blanks == 0 else { throw malformed("line \(records + 1) is blank; remove it or fill it in") }
      records += 1
      if records == 1 {
        width = fields.count
        endsEmpty = fields.last?.isEmpty ?? false
      } else if records == 2, endsEmpty, fields.count == width - 1 {
        width -= 1
      } else if records == 2, mayLackName, fields.count == width + 1, startsQuoted || DelimitedText.isText(0, of: self)
      {
        width += 1
        lacksName = true
      }
      guard fields.count == width else {
        throw malformed(
          "line \(records) has \(fields.count) values, where the first line has \(width); each needs as many")
      }
      return true
    }
    return false
  }

  /// The text of a field of the record.
  func field(_ index: Int) -> String { String(decoding: text[fields[index]], as: UTF8.self) }

  private func malformed(_ reason: String) -> SampleError { .malformed(file: stream.file, reason: reason) }

  private mutating func byte() throws -> UInt8? {
    if position == filled {
      filled = try buffer.withUnsafeMutableBytes { [stream] in try stream.read(into: $0) }
      position = 0
      if filled == 0 { return nil }
    }
    defer { position += 1 }
    return buffer[position]
  }

  /// Reads one record, perhaps a blank one; false where nothing is left.
  private mutating func readRecord() throws -> Bool {
    text.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    var start = 0, isQuoted = false, wasQuoted = false, sawAny = false
    startsQuoted = false
    while let next = try byte() {
      sawAny = true
      if isQuoted {
        if next != 34 {
          text.append(next)
        } else {
          isQuoted = false
          wasQuoted = true
        }
      } else if next == 34 {
        // A quote opens a field, or is the second of two within quotes; elsewhere it stands for itself.
        if wasQuoted { text.append(34) }
        if wasQuoted || text.count == start { isQuoted = true } else { text.append(34) }
        if isQuoted, fields.isEmpty { startsQuoted = true }
      } else if next == separator || next == 10 || next == 13 {
        fields.append(start..<text.count)
        text.append(0)
        start = text.count
        wasQuoted = false
        if next == separator { continue }
        if next == 13, let following = try byte(), following != 10 { position -= 1 }
        return true
      } else {
        wasQuoted = false
        text.append(next)
      }
    }
    guard !isQuoted else {
      throw malformed("is cut off: ends inside quotes that open in line \(records + 1) or before")
    }
    guard sawAny else { return false }
    fields.append(start..<text.count)
    text.append(0)
    return true
  }
}
