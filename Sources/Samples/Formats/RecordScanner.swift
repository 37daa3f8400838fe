/// Cuts a table of text into records and fields: separators, quotes ("" inside quotes is one quote), line ends of all kinds.
struct RecordScanner {
  private let stream: ByteStream
  let separator: UInt8
  private var buffer: [UInt8]
  private var position: Int
  private var filled: Int
  private var nextLine: Int

  /// The bytes of all fields of the record, each followed by a zero byte.
  private(set) var text: [UInt8] = []
  /// Where each field's bytes lie in ``text``, without the zero byte.
  private(set) var fields: [Range<Int>] = []
  /// The fields that stand in quotes.
  private(set) var quoted: Set<Int> = []
  /// Whether the record's line starts with '#'; quotes mean nothing in it.
  private(set) var isComment = false
  /// The line of the file in which the record begins, from 1.
  private(set) var line = 0
  /// Whether nothing follows the record's last byte, not even the end of its line.
  private(set) var endsFile = false

  /// Goes on behind bytes of a stream that were read already, from one of them on, which begins a line.
  init(_ stream: ByteStream, separator: UInt8, read: [UInt8], from position: Int, line: Int) {
    self.stream = stream
    self.separator = separator
    self.position = position
    buffer = read
    filled = read.count
    nextLine = line
  }

  /// The records of bytes in memory.
  init(_ bytes: [UInt8], separator: UInt8, file: String, from position: Int = 0, line: Int = 1) {
    let nothing = ByteStream(file: file, most: 0, source: { _ in 0 }, close: {})
    self.init(nothing, separator: separator, read: bytes, from: position, line: line)
  }

  /// The file, for messages.
  var file: String { stream.file }
  /// Whether the record is a blank line, or has nothing in any of its fields.
  var isBlank: Bool { fields.allSatisfy { field in text[field].allSatisfy { $0 == 32 || $0 == 9 } } && quoted.isEmpty }

  /// The text of a field of the record.
  func field(_ index: Int) -> String { String(decoding: text[fields[index]], as: UTF8.self) }

  private mutating func byte() throws -> UInt8? {
    if position == filled {
      if buffer.count < 1 << 18 { buffer = [UInt8](repeating: 0, count: 1 << 18) }
      filled = try buffer.withUnsafeMutableBytes { [stream] in try stream.read(into: $0) }
      position = 0
      if filled == 0 { return nil }
    }
    defer { position += 1 }
    return buffer[position]
  }

  /// Reads the next record, perhaps a blank one; false where nothing is left.
  mutating func next() throws -> Bool {
    text.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    if !quoted.isEmpty { quoted.removeAll(keepingCapacity: true) }
    isComment = false
    line = nextLine
    var start = 0, isQuoted = false, wasQuoted = false, sawAny = false
    while let next = try byte() {
      sawAny = true
      if isQuoted {
        if next == 10 { nextLine += 1 }
        if next != 34 {
          text.append(next)
        } else {
          isQuoted = false
          wasQuoted = true
        }
      } else if next == 34, !isComment {
        // A quote opens a field, also behind blanks, or is the second of two within quotes; elsewhere it stands for itself.
        if wasQuoted {
          text.append(34)
          isQuoted = true
        } else if text[start...].allSatisfy({ $0 == 32 }) {
          text.removeLast(text.count - start)
          quoted.insert(fields.count)
          isQuoted = true
        } else {
          text.append(34)
        }
      } else if next == separator || next == 10 || next == 13 {
        fields.append(start..<text.count)
        text.append(0)
        start = text.count
        wasQuoted = false
        if next == separator { continue }
        if next == 13, let following = try byte(), following != 10 { position -= 1 }
        nextLine += 1
        endsFile = false
        return true
      } else {
        wasQuoted = false
        if next == UInt8(ascii: "#"), text.isEmpty, fields.isEmpty { isComment = true }
        text.append(next)
      }
    }
    endsFile = true
    guard !isQuoted else {
      throw SampleError.malformed(
        file: file, reason: "is cut off: ends inside quotes that open in line \(line) or before")
    }
    guard sawAny else { return false }
    fields.append(start..<text.count)
    text.append(0)
    return true
  }
}
