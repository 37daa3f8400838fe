/// The first bytes of a table of text: so many that whole records are among them, what stands in front of the records, and
/// the encoding.
struct TextHead {
  /// The bytes so far, all of the file where it is small.
  private(set) var bytes: [UInt8] = []
  /// Whether the bytes are all of the file.
  private(set) var isWhole = false
  /// Where the first record begins, and in which line.
  private(set) var start = 0
  private(set) var line = 1
  /// The comment lines in front of the first record, without '#'.
  private(set) var comments: [(text: [UInt8], line: Int)] = []
  /// The separator that a first line `sep=;` says, which Excel writes and hides.
  private(set) var separator: UInt8?

  private static let piece = 1 << 18
  private static let fewestLines = 12
  /// Lines that are longer than this are not looked at together.
  private static let mostBytes = 1 << 27

  init(_ stream: ByteStream) throws {
    repeat {
      let more = max(Self.piece, bytes.count)
      var part = [UInt8](repeating: 0, count: more)
      let got = try part.withUnsafeMutableBytes { try stream.read(into: $0) }
      bytes += part.prefix(got)
      isWhole = got < more
    } while !isWhole && bytes.count < Self.mostBytes
      && bytes.lazy.filter { $0 == 10 }.prefix(Self.fewestLines).count
        < Self.fewestLines
    try checkEncoding(file: stream.file)
    // A byte order mark is no part of the first name.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    skipPreamble()
  }

  private func checkEncoding(file: String) throws {
    let part = bytes.prefix(4096)
    let even = part.indices.count { $0 % 2 == 0 && part[$0] == 0 },
      odd = part.indices.count { $0 % 2 == 1 && part[$0] == 0 }
    let encoding: String? =
      if part.starts(with: [0xFF, 0xFE, 0, 0]) || part.starts(with: [0, 0, 0xFE, 0xFF]) {
        "UTF-32"
      } else if part.starts(with: [0xFF, 0xFE]) || part.starts(with: [0xFE, 0xFF])
        || max(even, odd) > part.count / 4 && min(even, odd) <= part.count / 16
      {
        "UTF-16"
      } else {
        nil
      }
    if let encoding {
      throw SampleError.malformed(
        file: file,
        reason: "is text in \(encoding); save it as UTF-8 (in Excel: CSV UTF-8; iconv -f \(encoding) -t UTF-8)")
    }
    guard even + odd == 0 else {
      throw SampleError.malformed(file: file, reason: "is no table of text: it holds zero bytes")
    }
  }

  /// Steps over lines in front of the first record: blank ones where a comment follows, `sep=`, and comments.
  private mutating func skipPreamble() {
    var position = start, number = line
    while position < bytes.count {
      let end = bytes[position...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
      let text = bytes[position..<end].drop { $0 == 32 || $0 == 9 }
      var next = min(end + 1, bytes.count)
      if end < bytes.count, bytes[end] == 13, next < bytes.count, bytes[next] == 10 { next += 1 }
      if text.first == UInt8(ascii: "#") {
        comments.append((Array(text.drop { $0 == UInt8(ascii: "#") }), number))
      } else if number == 1, let said = Self.separator(text) {
        separator = said
      } else if !text.isEmpty {
        return
      }
      position = next
      number += 1
      if !text.isEmpty { (start, line) = (position, number) }
    }
  }

  private static func separator(_ line: ArraySlice<UInt8>) -> UInt8? {
    let text = line.filter { $0 != 34 }
    return text.count == 5 && text.starts(with: Array("sep=".utf8)) ? text.last : nil
  }
}
