import Numerics

/// The head of a snapshot file: what it holds, and the checksums of all of it.
///
/// The file begins with 32 bytes: "gpa-snap", the format's version, the length of the head's text and the text's checksum,
/// little-endian numbers of 8 bytes. The text has a line for each entry, `field NAME BYTES` with the field's bytes and a line
/// feed behind it, `float64 NAME COUNT CHECKSUM`, `float32 NAME COUNT CHECKSUM` and `rows NAME ROWS COLUMNS CHECKSUM` (of
/// float32). The elements of each, little-endian, begin at the next multiple of 64 bytes in the order of the lines; bytes
/// between are zero.
struct SnapshotHeader: Equatable {
  /// An array or a matrix.
  struct Part: Equatable {
    let name: String
    let isDouble: Bool
    /// The rows of a matrix; nil for an array.
    let rows: Int?
    /// The elements of a row, or of the array.
    let columns: Int
    let checksum: UInt64

    var count: Int { (rows ?? 1) * columns }
    var bytes: Int { count * (isDouble ? 8 : 4) }
  }

  static let prefix = 32
  private static let magic: UInt64 = 0x7061_6e73_2d61_7067
  private static let version: UInt64 = 1
  private static let alignment = 64
  /// More elements than this are taken for damage.
  private static let most = 1 << 44
  private static let mostParts = 1 << 12

  var fields: [(name: String, value: String)] = []
  var parts: [Part] = []

  static func == (a: SnapshotHeader, b: SnapshotHeader) -> Bool { a.encoded == b.encoded }

  /// The length of the text.
  var textCount: Int { text.count }

  private var text: [UInt8] {
    var text: [UInt8] = []
    for (name, value) in fields { text += Array("field \(name) \(value.utf8.count)\n\(value)\n".utf8) }
    for part in parts {
      let shape = part.rows.map { "\($0) " } ?? ""
      let kind = part.rows != nil ? "rows" : part.isDouble ? "float64" : "float32"
      text += Array("\(kind) \(part.name) \(shape)\(part.columns) \(part.checksum)\n".utf8)
    }
    return text
  }

  /// The bytes before the first element, filled up with zeros.
  var encoded: [UInt8] {
    let text = text, numbers = [Self.magic, Self.version, UInt64(text.count), Checksum.of(text)]
    let bytes = numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } } + text
    return bytes + [UInt8](repeating: 0, count: Self.rounded(bytes.count) - bytes.count)
  }

  /// Where the elements of each part lie in the file.
  func ranges() -> [Range<Int>] {
    var start = Self.rounded(Self.prefix + text.count)
    return parts.map { part in
      defer { start = Self.rounded(start + part.bytes) }
      return start..<start + part.bytes
    }
  }

  /// The length of the file.
  var end: Int { ranges().last?.upperBound ?? Self.rounded(Self.prefix + text.count) }

  private static func rounded(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }

  /// Whether a file with these first bytes is a snapshot file, of whatever version.
  static func begins(_ head: [UInt8]) -> Bool { numbers(Array(head.prefix(8))).first == magic }

  /// The length of the text that the first 32 bytes tell of; nil where they are none of a snapshot file.
  static func textLength(_ prefix: [UInt8]) -> Int? {
    let numbers = numbers(prefix)
    guard numbers.count == 4, numbers[0] == magic, numbers[1] == version else { return nil }
    return Int(exactly: numbers[2])
  }

  private static func numbers(_ bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count - 7, by: 8).map { i in
      bytes[i..<i + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// The head of a file that these prefix and text begin; nil where they are damaged.
  init?(_ prefix: [UInt8], text: [UInt8]) {
    guard Self.numbers(prefix).last == Checksum.of(text) else { return nil }
    var rest = text[...]
    while !rest.isEmpty {
      guard let end = rest.firstIndex(of: 10) else { return nil }
      let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").map(String.init)
      rest = rest[(end + 1)...]
      guard words.count >= 3 else { return nil }
      let numbers = words.dropFirst(2).compactMap { UInt64($0) }, lengths = numbers.compactMap { Int(exactly: $0) }
      switch (words[0], words.count) {
      case ("field", 3):
        guard let length = lengths.first, length < rest.count, rest[rest.startIndex + length] == 10 else { return nil }
        fields.append((words[1], String(decoding: rest.prefix(length), as: UTF8.self)))
        rest = rest.dropFirst(length + 1)
      case ("float64", 4), ("float32", 4):
        guard numbers.count == 2, let count = Int(exactly: numbers[0]), count <= Self.most else { return nil }
        parts.append(
          Part(name: words[1], isDouble: words[0] == "float64", rows: nil, columns: count, checksum: numbers[1]))
      case ("rows", 5):
        guard numbers.count == 3, let rows = Int(exactly: numbers[0]), let columns = Int(exactly: numbers[1]),
          columns > 0, rows <= Self.most / columns
        else { return nil }
        parts.append(Part(name: words[1], isDouble: false, rows: rows, columns: columns, checksum: numbers[2]))
      default: return nil
      }
      guard parts.count <= Self.mostParts, parts.dropLast().allSatisfy({ $0.name != parts.last?.name }) else {
        return nil
      }
    }
  }

  /// A head to be filled.
  init() {}
}
