import Parameters

extension Tree {
  /// The tree as YAML, which parses to an equal tree: sections as blocks, lists of scalars in brackets, texts in quotes where
  /// they need them. What is null is left out of sections.
  package var yaml: String {
    if let text = line { return text + "\n" }
    var text = ""
    write(into: &text, indent: 0)
    return text
  }

  /// The value on one line; nil for sections and for lists with sections.
  private var line: String? {
    switch content {
    case .scalar(let text, let isPlain): return isPlain ? (isNull ? "null" : text.asPlain) : text.asScalar
    case .mapping(let mapping): return mapping.entries.contains { !$0.value.isNull } ? nil : "{}"
    case .list(let items):
      var parts: [String] = []
      for item in items {
        if case .mapping = item.content { return nil }
        guard let part = item.line else { return nil }
        parts.append(part)
      }
      return "[" + parts.joined(separator: ", ") + "]"
    }
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
    case .mapping(let mapping):
      for entry in mapping.entries where !entry.value.isNull {
        begin(entry.key.asScalar + ":")
        if let line = entry.value.line {
          text += " " + line + "\n"
        } else {
          text += "\n" + margin + "  "
          entry.value.write(into: &text, indent: indent + 2)
        }
      }
    case .list(let items):
      for item in items {
        begin("- ")
        if let line = item.line { text += line + "\n" } else { item.write(into: &text, indent: indent + 2) }
      }
    case .scalar: break
    }
  }
}

extension String {
  /// A text as a scalar, in quotes where it needs them.
  fileprivate var asScalar: String { CoreSchema.hasType(self) ? inQuotes : asPlain }

  /// The text of a plain scalar, which may be a number; in quotes where it cannot stand everywhere without.
  fileprivate var asPlain: String { canBePlain ? self : inQuotes }

  private var inQuotes: String { "\"" + unicodeScalars.lazy.map(\.quoted).joined() + "\"" }

  /// True where the text, written without quotes anywhere in a deck, reads back as itself.
  private var canBePlain: Bool {
    guard let first = utf8.first, utf8.last != 0x20, utf8.last != 0x3A else { return false }
    // A plain number or `~` is one wherever it stands.
    if CoreSchema.hasType(self) { return true }
    guard let last = unicodeScalars.last, !last.isBlank, !last.isInvisible,
      mistake(inPlain: self, isOnOneLine: true) == nil
    else { return false }
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
  fileprivate var isPrintable: Bool {
    switch value {
    case 0x20...0x7E: return true
    case 0x2028, 0x2029, 0xFEFF: return false
    case 0xA1...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: return true
    default: return false
    }
  }

  /// The letter within double quotes.
  fileprivate var quoted: String {
    switch self {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default:
      if isPrintable { return String(Character(self)) }
      let digits = String(value, radix: 16, uppercase: true)
      let (mark, width) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
      return "\\" + mark + String(repeating: "0", count: width - digits.count) + digits
    }
  }
}
