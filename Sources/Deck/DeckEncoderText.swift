/// A type that is written as a scalar.
protocol ScalarText {
  /// The scalar, in quotes where it needs them.
  var scalarText: String { get }
}

extension Bool: ScalarText {
  var scalarText: String { self ? "true" : "false" }
}

extension ScalarText where Self: FixedWidthInteger {
  var scalarText: String { String(self) }
}

extension ScalarText where Self: BinaryFloatingPoint & LosslessStringConvertible {
  var scalarText: String {
    if isNaN { return ".nan" }
    if isInfinite { return self < 0 ? "-.inf" : ".inf" }
    return description
  }
}

extension Double: ScalarText {}
extension Float: ScalarText {}
extension Int: ScalarText {}
extension Int8: ScalarText {}
extension Int16: ScalarText {}
extension Int32: ScalarText {}
extension Int64: ScalarText {}
extension UInt: ScalarText {}
extension UInt8: ScalarText {}
extension UInt16: ScalarText {}
extension UInt32: ScalarText {}
extension UInt64: ScalarText {}

extension String: ScalarText {
  var scalarText: String {
    if canBePlain { return self }
    var quoted = "\""
    for letter in unicodeScalars { quoted += letter.escaped(asASCII: false) }
    return quoted + "\""
  }

  /// True where the text, written without quotes anywhere in a deck, reads back as itself.
  private var canBePlain: Bool {
    guard let first = utf8.first, utf8.last != 0x20, utf8.last != 0x3A, !CoreSchema.hasType(self) else { return false }
    guard !" -?:,[]{}#&*!|>'\"%@`".utf8.contains(first), !hasPrefix("..."), !hasPrefix("=") else { return false }
    var previous: Unicode.Scalar = " "
    for letter in unicodeScalars {
      if !letter.isPrintable || ",[]{}".unicodeScalars.contains(letter) { return false }
      // libyaml refuses :? within brackets
      if previous == ":" && (letter == " " || letter == "?") || letter == "#" && previous == " " { return false }
      previous = letter
    }
    return true
  }
}

extension Unicode.Scalar {
  /// True for what YAML takes as it is, on one line.
  var isPrintable: Bool {
    switch value {
    case 0x20...0x7E: return true
    case 0x2028, 0x2029, 0xFEFF: return false
    case 0xA1...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: return true
    default: return false
    }
  }

  /// The letter within double quotes.
  func escaped(asASCII: Bool) -> String {
    switch self {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default:
      if isPrintable && !(asASCII && value > 0x7E) { return String(Character(self)) }
      let digits = String(value, radix: 16, uppercase: true)
      let (mark, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
      return "\\" + mark + String(repeating: "0", count: width - digits.count) + digits
    }
  }
}

extension EncodedValue {
  /// The text of the whole deck.
  var document: String {
    if let text = inline { return text + "\n" }
    var text = ""
    write(into: &text, indent: 0)
    return text
  }

  /// The value on one line; nil for sections and for lists with sections.
  private var inline: String? {
    switch content {
    case .null: return "null"
    case .scalar(let text): return text
    case .section(let entries): return entries.contains { !$0.value.isNull } ? nil : "{}"
    case .list(let items):
      var parts: [String] = []
      for item in items {
        if case .section = item.content { return nil }
        guard let part = item.inline else { return nil }
        parts.append(part)
      }
      return "[" + parts.joined(separator: ", ") + "]"
    }
  }

  private var isNull: Bool {
    if case .null = content { return true }
    return false
  }

  /// Writes a section or a list as lines; the caller has written the first line's indent.
  private func write(into text: inout String, indent: Int) {
    let margin = String(repeating: " ", count: indent)
    var isFirst = true
    func begin(_ start: String) {
      text += (isFirst ? "" : margin) + start
      isFirst = false
    }
    switch content {
    case .section(let entries):
      for (key, value) in entries where !value.isNull {
        begin(key.scalarText + ":")
        if let line = value.inline {
          text += " " + line + "\n"
        } else {
          text += "\n" + margin + "  "
          value.write(into: &text, indent: indent + 2)
        }
      }
    case .list(let items):
      for item in items {
        begin("- ")
        if let line = item.inline { text += line + "\n" } else { item.write(into: &text, indent: indent + 2) }
      }
    case .null, .scalar: break
    }
  }
}
