import Glibc
import Parameters

/// What a field of a table is, by its text alone.
enum FieldKind: Equatable {
  case empty
  /// A decimal number, also an infinite one or NaN.
  case number
  /// A word that stands for a missing number.
  case missing
  /// A number that is written in a way that tables do not have: with a unit, a decimal comma, separated thousands.
  case broken
  /// Any other text.
  case name
}

/// The bytes of a field: blanks around it, its number, what it is.
enum FieldText {
  /// A field without the blanks around it; no-break spaces are blanks, too.
  @inline(__always)
  static func trimmed(_ field: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    var lower = field.lowerBound, upper = field.upperBound
    while lower < upper {
      if text[lower] == 32 || text[lower] == 9 {
        lower += 1
      } else if text[lower] == 0xC2, lower + 1 < upper, text[lower + 1] == 0xA0 {
        lower += 2
      } else {
        break
      }
    }
    while upper > lower {
      if text[upper - 1] == 32 || text[upper - 1] == 9 {
        upper -= 1
      } else if text[upper - 1] == 0xA0, upper - 1 > lower, text[upper - 2] == 0xC2 {
        upper -= 2
      } else {
        break
      }
    }
    return lower..<upper
  }

  /// The decimal number that a whole field is; nil where it is something else, such as 0x1F, which is a name rather than a
  /// number in a table. The bytes behind the field are a blank or zero.
  @inline(__always)
  static func number(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double? {
    guard let base = text.baseAddress, !range.isEmpty else { return nil }
    let start = UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self)
    var end: UnsafeMutablePointer<CChar>?
    let value = strtod(start, &end)
    guard end.map({ UnsafePointer($0) }) == start + range.count else { return nil }
    return text[range].prefix(3).contains { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "X") } ? nil : value
  }

  /// A text without the blanks around it.
  static func trimmed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { String(decoding: $0[trimmed(0..<$0.count, in: $0)], as: UTF8.self) }
  }

  /// The number that a text is.
  static func number(_ text: String) -> Double? {
    let bytes = Array(text.utf8) + [0]
    return bytes.withUnsafeBufferPointer { number($0, trimmed(0..<$0.count - 1, in: $0)) }
  }

  /// What a text is.
  static func kind(_ text: String) -> FieldKind {
    let text = trimmed(text)
    if text.isEmpty { return .empty }
    if number(text) != nil { return .number }
    if missing.contains(lowercased(text)) { return .missing }
    return repair(text) == nil ? .name : .broken
  }

  /// Words that stand for a missing number, in small letters.
  private static let missing: Set = [
    "na", "n/a", "#n/a", "n.a.", "na.", "<na>", "nat", "null", "nil", "none", "missing", "unknown", "undefined",
    "undef",
    "nd", "n.d.", "n/d", "not available", "tbd", ".", "..", "...", "-", "--", "---", "\u{2013}", "\u{2014}", "?", "*",
    "\\n", "#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#n/a n/a", "1.#qnan", "1.#ind", "-1.#ind",
    "1.#inf", "-1.#inf",
  ]
}

extension FieldText {
  private static let units: Set = [
    "kg", "g", "mg", "ug", "\u{B5}g", "\u{3BC}g", "ng", "pg", "t", "lb", "lbs", "oz", "m", "cm", "mm", "km", "um",
    "\u{B5}m", "\u{3BC}m", "nm", "in", "ft", "mi", "s", "sec", "ms", "us", "ns", "min", "h", "hr", "hrs", "d", "day",
    "days", "wk", "y", "yr", "yrs", "year", "years", "%", "\u{2030}", "\u{B0}", "\u{B0}C", "\u{B0}F", "deg", "rad",
    "mV",
    "mA", "kW", "MW", "kWh", "kJ", "MJ", "eV", "keV", "MeV", "GeV", "Pa", "hPa", "kPa", "MPa", "bar", "mbar", "atm",
    "Hz", "kHz", "MHz", "GHz", "mol", "mmol", "mM", "uM", "\u{B5}M", "\u{3BC}M", "nM", "l", "L", "ml", "mL", "dl", "bp",
    "kb", "kB", "MB", "GB", "px", "dB", "cal", "kcal", "ppm", "ppb", "mmHg", "x", "\u{20AC}", "$", "\u{A3}", "EUR",
    "USD", "*", "?", "m/s", "km/h", "mg/dl", "mg/l", "g/l", "mmol/l",
  ]

  /// What makes a number of a text that is none but was meant to be one; nil for any other text.
  static func repair(_ text: String) -> String? {
    let text = trimmed(text)
    if ["true", "false"].contains(lowercased(text)) { return "write 1 for true and 0 for false" }
    guard text.utf8.count <= 60, text.utf8.contains(where: { (48...57).contains($0) }) else { return nil }
    if hasComma(text) {
      return "numbers need a decimal point, not a decimal comma, and nothing between thousands"
    }
    var plain = text
    for sign in ["\u{2212}", "\u{2013}", "\u{2014}"] where plain.hasPrefix(sign) {
      plain = "-" + plain.dropFirst(sign.count)
      if number(plain) != nil { return "its minus sign is not the hyphen '-'" }
    }
    if let first = plain.unicodeScalars.first,
      "$\u{20AC}\u{A3}\u{A5}<>~=\u{2248}\u{2264}\u{2265}(".unicodeScalars.contains(first)
    {
      let rest = String(plain.unicodeScalars.dropFirst()).trimmingSuffix(")")
      if number(rest) != nil || hasComma(rest) { return "remove the sign in front of the number" }
    }
    let digits = plain.prefix { isNumberCharacter($0) || $0 == "-" || $0 == "+" }
    let unit = trimmed(String(plain.dropFirst(digits.count)))
    if !unit.isEmpty, units.contains(unit), number(trimmed(String(digits))) != nil {
      return "remove what stands behind the number"
    }
    if lowercased(text).hasPrefix("0x") { return "write decimal numbers" }
    if plain.contains("\u{B1}") || plain.contains("+/-") { return "write one number in a field" }
    if number(plain.replacing("D", with: "e").replacing("d", with: "e")) != nil { return "write its exponent with e" }
    guard isDamaged(plain) else { return nil }
    let isGrouped = plain.contains { isBlank($0) || "'_\u{2019}".contains($0) }
    return isGrouped ? "leave out what stands between its digits" : "write it as 1.5 or 2e-3"
  }

  /// Whether a text is a number with a comma: 1,5 or 1.234,5 or 1,234.5.
  static func hasComma(_ text: String) -> Bool {
    let rest = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    guard rest.contains(","), rest.first?.isNumber == true || rest.first == "," else { return false }
    return rest.allSatisfy { isNumberCharacter($0) || $0 == "," || $0 == "-" || $0 == "+" }
      && number(rest.filter { $0 != "," && $0 != "." && !isBlank($0) && $0 != "'" }) != nil
  }

  private static func isBlank(_ letter: Character) -> Bool {
    letter == " " || letter == "\u{A0}" || letter == "\u{202F}" || letter == "\u{2009}"
  }

  private static func isNumberCharacter(_ letter: Character) -> Bool {
    ("0"..."9").contains(letter) || ".eE'_\u{2019}".contains(letter) || isBlank(letter)
  }

  /// Whether a text has only what numbers have, as 1..5 and 1 000: no hyphens within, which dates and ranges have.
  private static func isDamaged(_ text: String) -> Bool {
    let rest = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    guard rest.first?.isNumber == true || rest.first == "." else { return false }
    return rest.allSatisfy(isNumberCharacter)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
