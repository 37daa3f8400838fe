import Parameters

/// What is wrong with plain text (no quotes) that YAML accepts and no deck means; nil where nothing is.
func mistake(inPlain text: String, isOnOneLine: Bool) -> String? {
  guard text.utf8.count <= YAMLLimits.bytes, let first = text.unicodeScalars.first, let last = text.unicodeScalars.last
  else { return nil }
  for (letter, verb) in [(first, "begins"), (last, "ends")] where letter.isBlank || letter.isInvisible {
    return "\(verb) with \(letter.name), which is no ordinary space; remove it, or put the text in quotes"
  }
  if typographicQuotes.contains(first) {
    return "begins with the typographic quote \(first) (\(first.codePoint)); write \" or ' for quotes, and a text that "
      + "holds it in such quotes"
  }
  if !isOnOneLine {
    return pairHint(text)
      ?? "goes on in the next line; write a text in one line or in quotes, and key: value for every key"
  }
  return nil
}

/// What is wrong with a key; nil where nothing is. `isAlone` where no value stands behind it.
func mistake(inKey key: String, isAlone: Bool) -> String? {
  if let letter = key.unicodeScalars.first(where: { $0.isInvisible || $0.isBlank && $0 != " " }) {
    return "holds \(letter.name), which is no ordinary space; write key: value with ordinary spaces"
  }
  return isAlone ? pairHint(key) : nil
}

/// What is wrong where brackets hold `key: 0,1`, which YAML takes for two keys, the second without a value.
func decimalComma(between value: Tree, andKey key: String) -> String? {
  guard case .scalar(let text, isPlain: true) = value.content, !key.isEmpty, key.utf8.allSatisfy(isNumberPart),
    text.utf8.last.map(isDigit) == true, CoreSchema.number(text) != nil, key.utf8.first.map(isDigit) == true,
    CoreSchema.number("0." + key) != nil
  else { return nil }
  return "has a comma in a number: write \(text).\(key), with a point"
}

let typographicQuotes = Set(
  "\u{2018}\u{2019}\u{201A}\u{201B}\u{201C}\u{201D}\u{201E}\u{201F}\u{AB}\u{BB}\u{2039}\u{203A}".unicodeScalars)

func pairHint(_ text: String) -> String? {
  let word = String(text.unicodeScalars.prefix { $0 != " " }.map(Character.init))
  return Misspelling.missingBlank(in: word).map { "a blank is missing behind the colon: write \($0)" }
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

private func isNumberPart(_ byte: UInt8) -> Bool { isDigit(byte) || "eE+-".utf8.contains(byte) }

extension Unicode.Scalar {
  /// The letter in words: `a no-break space (U+00A0)`.
  var name: String {
    let kind =
      switch self {
      case "\u{A0}", "\u{202F}": "a no-break space"
      case "\t": "a tab"
      case "\u{FEFF}": "a byte order mark"
      case _ where isBlank: "a space of another kind"
      default: "an invisible character"
      }
    return "\(kind) (\(codePoint))"
  }
}
