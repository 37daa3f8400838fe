/// The header of a NumPy array, a Python dictionary such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`.
struct NumPyHeader {
  private(set) var type = NumberType(kind: .float, size: 4, isBigEndian: false)
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []

  /// Parses the text of a header.
  init(_ text: [UInt8], file: String) throws {
    var scanner = PythonScanner(text: text)
    var seen: Set<String> = []
    let damaged = SampleError.malformed(file: file, reason: "has a damaged .npy header: \(Self.shown(text))")
    guard scanner.skip("{") else { throw damaged }
    while !scanner.skip("}") {
      guard let key = scanner.string(), scanner.skip(":"), seen.insert(key).inserted else { throw damaged }
      switch key {
      case "descr":
        guard let code = scanner.string() else {
          throw SampleError.malformed(file: file, reason: "holds records of several fields; save one array of numbers")
        }
        type = try Self.type(code, file: file)
      case "fortran_order":
        if scanner.skip("True") {
          isFortranOrder = true
        } else if !scanner.skip("False") {
          throw damaged
        }
      case "shape":
        guard let tuple = scanner.tuple() else { throw damaged }
        shape = tuple
      default: throw damaged
      }
      if !scanner.skip(",") {
        guard scanner.skip("}") else { throw damaged }
        break
      }
    }
    guard seen.count == 3, scanner.isAtEnd else { throw damaged }
  }

  /// What is no number that is read, by the letter of its type, and what to do.
  private static let others: [UInt8: (what: String, remedy: String)] = [
    UInt8(ascii: "c"): ("complex numbers", "save real and imaginary parts as columns of their own"),
    UInt8(ascii: "O"): ("Python objects", "save an array of numbers (numpy.array(..., dtype='f4'))"),
    UInt8(ascii: "U"): ("texts", "save an array of numbers"), UInt8(ascii: "S"): ("texts", "save an array of numbers"),
    UInt8(ascii: "M"): ("dates", "save them as numbers"), UInt8(ascii: "m"): ("times", "save them as numbers"),
  ]

  private static func type(_ code: String, file: String) throws -> NumberType {
    let bytes = Array(code.utf8)
    let kinds: [UInt8: (NumberType.Kind, [Int])] = [
      UInt8(ascii: "f"): (.float, [2, 4, 8]), UInt8(ascii: "i"): (.signed, [1, 2, 4, 8]),
      UInt8(ascii: "u"): (.unsigned, [1, 2, 4, 8]), UInt8(ascii: "b"): (.boolean, [1]),
    ]
    guard bytes.count == 3, Array("<>|=".utf8).contains(bytes[0]), let (kind, sizes) = kinds[bytes[1]],
      sizes.contains(Int(bytes[2]) - 48), bytes[0] != UInt8(ascii: "|") || bytes[2] == UInt8(ascii: "1")
    else {
      let (what, remedy) = others[bytes.count > 1 ? bytes[1] : 0] ?? ("numbers", "save it as float32 (.astype('f4'))")
      throw SampleError.malformed(file: file, reason: "holds \(what) of type '\(shown(bytes))'; \(remedy)")
    }
    return NumberType(kind: kind, size: Int(bytes[2]) - 48, isBigEndian: bytes[0] == UInt8(ascii: ">"))
  }

  private static func shown(_ text: [UInt8]) -> String {
    String(decoding: text.prefix(80).map { (32..<127).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}

/// Reads the few Python literals of a header.
private struct PythonScanner {
  let text: [UInt8]
  var position = 0

  private mutating func skipSpace() {
    while position < text.count, [32, 9, 10, 13].contains(text[position]) { position += 1 }
  }

  var isAtEnd: Bool {
    var rest = self
    rest.skipSpace()
    return rest.position == text.count
  }

  /// Steps over a word if it comes next.
  mutating func skip(_ word: StaticString) -> Bool {
    skipSpace()
    let count = word.utf8CodeUnitCount
    guard text.count - position >= count else { return false }
    for i in 0..<count where text[position + i] != word.utf8Start[i] { return false }
    position += count
    return true
  }

  /// A string in single or double quotes without escapes.
  mutating func string() -> String? {
    skipSpace()
    guard position < text.count, text[position] == 39 || text[position] == 34 else { return nil }
    guard let end = text[(position + 1)...].firstIndex(of: text[position]) else { return nil }
    defer { position = end + 1 }
    return String(decoding: text[position + 1..<end], as: UTF8.self)
  }

  /// A tuple of numbers that are not negative; `(3)`, without its comma, is none.
  mutating func tuple() -> [Int]? {
    guard skip("(") else { return nil }
    var result: [Int] = []
    while !skip(")") {
      guard let number = integer(), result.count < 64 else { return nil }
      result.append(number)
      if !skip(",") { return skip(")") && result.count > 1 ? result : nil }
    }
    return result
  }

  private mutating func integer() -> Int? {
    skipSpace()
    let start = position
    while position < text.count, (48...57).contains(text[position]) { position += 1 }
    // Python 2 wrote long integers with an L behind.
    defer { if position > start, position < text.count, text[position] == UInt8(ascii: "L") { position += 1 } }
    return Int(String(decoding: text[start..<position], as: UTF8.self))
  }
}
