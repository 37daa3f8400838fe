/// The scalars of YAML 1.2's core schema: what a plain scalar's text means. All else is text, `0:55:00` as well.
package enum CoreSchema {
  static func isNull(_ text: String) -> Bool { ["", "~", "null", "Null", "NULL"].contains(text) }

  static func bool(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }

  /// True for a text that, plain, is read as something else than text.
  package static func hasType(_ text: String) -> Bool {
    isNull(text) || bool(text) != nil || special(text) != nil || radix(text) != nil || Decimal(text) != nil
  }

  /// `.inf`, `-.inf` and `.nan`.
  static func special(_ text: String) -> Double? {
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
    case "-.inf", "-.Inf", "-.INF": return -.infinity
    case ".nan", ".NaN", ".NAN": return .nan
    default: return nil
    }
  }

  /// The digits and the base of `0x1F` and `0o17`.
  static func radix(_ text: String) -> (digits: Substring, base: Int)? {
    let digits = text.dropFirst(2)
    guard !digits.isEmpty, digits.utf8.count == text.utf8.count - 2 else { return nil }
    if text.hasPrefix("0x"), digits.utf8.allSatisfy(isHexadecimal) { return (digits, 16) }
    if text.hasPrefix("0o"), digits.utf8.allSatisfy({ (48..<56).contains($0) }) { return (digits, 8) }
    return nil
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (65...70).contains(byte) || (97...102).contains(byte)
  }

  static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  /// A whole number, exact: `12`, `0x1F`, and floats that are whole, as `1e3` and `200.0`; nil for anything else and for
  /// what an `Int` cannot hold.
  static func integer(_ text: String) -> Int? {
    if let (digits, base) = radix(text) { return Int(digits, radix: base) }
    return Decimal(text)?.wholeNumber.flatMap { Int($0) }
  }

  /// A number; nil for anything else and for what is too large for a `Double`.
  package static func number(_ text: String) -> Double? {
    if let value = special(text) { return value }
    if let (digits, base) = radix(text) { return UInt64(digits, radix: base).map { Double($0) } }
    guard let decimal = Decimal(text), let value = Double(decimal.normalized), value.isFinite else { return nil }
    return value
  }

  /// The parts of a decimal number: `[-+]? (digits [. digits] | . digits) ([eE] [-+]? digits)?`.
  struct Decimal {
    private var sign = ""
    private var digits: [UInt8] = []
    private var fraction = 0
    private var exponent = "0"

    init?(_ text: String) {
      var rest = Array(text.utf8)[...]
      func isSign(_ byte: UInt8?) -> Bool { byte == 43 || byte == 45 }
      if isSign(rest.first) { sign = rest.removeFirst() == 45 ? "-" : "" }
      let whole = rest.prefix(while: isDigit)
      rest = rest.dropFirst(whole.count)
      digits += whole
      if rest.first == 46 {
        let part = rest.dropFirst().prefix(while: isDigit)
        rest = rest.dropFirst(1 + part.count)
        digits += part
        fraction = part.count
      }
      guard !digits.isEmpty else { return nil }
      if rest.first == 101 || rest.first == 69 {
        rest = rest.dropFirst()
        let negative = rest.first == 45
        if isSign(rest.first) { rest = rest.dropFirst() }
        guard !rest.isEmpty, rest.allSatisfy(isDigit) else { return nil }
        exponent = (negative ? "-" : "") + String(decoding: rest, as: UTF8.self)
        rest = []
      }
      guard rest.isEmpty else { return nil }
    }

    /// The number as digits and an exponent, which every parser of floats reads.
    var normalized: String {
      let whole = digits.dropLast(fraction), part = digits.suffix(fraction)
      return sign + (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
        + (part.isEmpty ? "" : "." + String(decoding: part, as: UTF8.self)) + "e" + exponent
    }

    /// The digits of a number that is whole and below 1e40; nil for another one.
    var wholeNumber: String? {
      let significant = Array(digits.drop { $0 == 48 })
      guard !significant.isEmpty else { return "0" }
      guard let power = Int(exponent), abs(power) < 1 << 32 else { return nil }
      let zeros = significant.reversed().prefix { $0 == 48 }.count
      let shift = power - fraction
      guard shift + zeros >= 0, significant.count + shift <= 40 else { return nil }
      let kept = shift < 0 ? significant.dropLast(-shift) : significant[...] + Array(repeating: 48, count: shift)
      return sign + String(decoding: kept, as: UTF8.self)
    }
  }
}
