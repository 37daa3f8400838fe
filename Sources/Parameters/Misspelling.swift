/// What a text that was not understood most likely means: the words after an error's semicolon.
package enum Misspelling {
  /// How a scalar that is not what is wanted has to be written; nil where nothing is likely.
  static func hint(for text: String, isPlain: Bool, wanted: String) -> String? {
    guard text.utf8.count <= 200 else { return nil }
    if let pair = missingBlank(in: text), isPlain {
      return wanted.hasPrefix("a section") ? "a blank is missing behind the colon: write \(pair)" : nil
    }
    if wanted.hasPrefix("a section") { return "write key: value, with a colon and a blank behind it" }
    let lower = text.lowercased()
    if wanted.hasPrefix(Bool.wanted) {
      if let value = CoreSchema.bool(text), !isPlain { return "write \(value) without quotes" }
      return ["yes", "on", "y", "1"].contains(lower)
        ? "write true" : ["no", "off", "n", "0"].contains(lower) ? "write false" : nil
    }
    if wanted.hasSuffix(AutomaticNumber.word), lower == AutomaticNumber.word { return "write \(AutomaticNumber.word)" }
    if ["none", "nil", "na", "n/a", "undefined"].contains(lower) { return "for none, leave the key out" }
    if wanted.hasPrefix("a list") {
      let parts = text.split { ",; ".contains($0) }.map(String.init)
      return parts.count > 1 && parts.allSatisfy { CoreSchema.number($0) != nil }
        ? "write [\(parts.joined(separator: ", "))]" : nil
    }
    guard wanted.contains("number") else { return nil }
    if !isPlain, CoreSchema.number(text) != nil { return "write \(text) without quotes" }
    return number(in: text).map { "write \($0)" }
  }

  /// A number as a deck has it, of one that is written as elsewhere: `inf`, `0,1`, `1_000`, `1d-3`, a typographic minus.
  static func number(in text: String) -> String? {
    let minuses = "\u{2212}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{FF0D}".unicodeScalars
    let quotes = "'\u{2019}_".unicodeScalars
    var plain = ""
    for letter in text.unicodeScalars {
      if minuses.contains(letter) {
        plain += "-"
      } else if let digit = letter.properties.numericType == .decimal ? letter.properties.numericValue : nil {
        plain += "\(Int(digit))"
      } else if !letter.isBlank, !letter.isInvisible, !quotes.contains(letter) {
        plain.unicodeScalars.append(letter)
      }
    }
    let lower = plain.lowercased(), unsigned = lower.drop { $0 == "-" || $0 == "+" || $0 == "." }
    if ["inf", "infinity", "infty", "\u{221E}"].contains(unsigned) { return lower.hasPrefix("-") ? "-.inf" : ".inf" }
    let commas = plain.utf8.count { $0 == 44 }
    // One comma and three digits may be thousands: either is for the writer to say.
    if let comma = plain.firstIndex(of: ","), commas == 1 {
      let rest = plain[plain.index(after: comma)...]
      let point = plain[..<comma] + "." + rest
      if rest.isEmpty { return CoreSchema.Decimal(String(plain[..<comma])) == nil ? nil : String(plain[..<comma]) }
      guard CoreSchema.Decimal(String(point)) != nil, !plain.contains(".") else { return nil }
      let isThousands = rest.utf8.count == 3 && rest.utf8.allSatisfy(CoreSchema.isDigit)
      return "\(point), with a point" + (isThousands ? ", or \(plain[..<comma])\(rest), without a comma" : "")
    }
    if commas > 1 { plain.removeAll { $0 == "," } }
    if let exponent = plain.firstIndex(where: { $0 == "d" || $0 == "D" }) {
      plain.replaceSubrange(exponent...exponent, with: "e")
    }
    return plain != text && CoreSchema.Decimal(plain) != nil ? plain : nil
  }

  /// The key and the value of `seed:3` with the blank that YAML wants; nil where the text is nothing of the kind.
  package static func missingBlank(in text: String) -> String? {
    guard let colon = text.unicodeScalars.firstIndex(where: { $0 == ":" || $0 == "\u{FF1A}" }) else { return nil }
    let key = text.unicodeScalars[..<colon], after = text.unicodeScalars[colon...].dropFirst()
    let value = after.drop { $0.isBlank || $0.isInvisible }
    guard !key.isEmpty, !value.isEmpty, key.allSatisfy({ isKeyLetter($0) }),
      after.first != " " || text.contains("\u{FF1A}")
    else { return nil }
    return "\(String(key)): \(String(value))"
  }

  /// Letters of keys.
  package static func isKeyLetter(_ letter: Unicode.Scalar) -> Bool {
    letter == "_" || letter.isASCII && letter.properties.isAlphabetic
  }

  /// Says which letters of a word are no plain ones, as they may look like such; empty where all are.
  static func strangeLetters(of word: String) -> String {
    guard let letter = word.unicodeScalars.first(where: { !$0.isASCII }) else { return "" }
    let shown = letter.isInvisible ? letter.codePoint : "'\(letter)' (\(letter.codePoint))"
    return "; \(shown) in it is no plain letter"
  }
}

extension Unicode.Scalar {
  /// A blank of any kind, seen as one: no-break, thin, ideographic.
  package var isBlank: Bool { properties.generalCategory == .spaceSeparator || self == "\t" }

  /// What takes no place on the screen, or begins a line where nobody sees why: zero-width letters, marks of direction.
  package var isInvisible: Bool {
    switch properties.generalCategory {
    case .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// `U+00A0`.
  package var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
