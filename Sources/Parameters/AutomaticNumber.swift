/// A number of a deck that can be left to the data: the number, or the word `auto`.
package enum AutomaticNumber: Codable, Sendable, Equatable {
  /// `auto`: it follows from the data when the run starts.
  case automatic
  /// The number itself.
  case number(Double)

  /// The word for ``automatic`` in a deck.
  package static let word = "auto"

  /// Reads the word or a number.
  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self), text == Self.word {
      self = .automatic
    } else {
      self = .number(try value.decode(Double.self))
    }
  }

  /// Writes the word or the number.
  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .automatic: try value.encode(Self.word)
    case .number(let number): try value.encode(number)
    }
  }

  /// The number, or one that is worked out where it is left to the data.
  package func number(or automatic: () throws -> Double) rethrows -> Double {
    switch self {
    case .automatic: try automatic()
    case .number(let number): number
    }
  }
}

extension KeyedDecodingContainer {
  /// A number that a condition allows, or `auto`; `allowed` says the condition in words.
  package func automatic(
    _ key: Key, default fallback: AutomaticNumber, allowed: String, where condition: (Double) -> Bool
  ) throws -> AutomaticNumber {
    if let text = try? decodeIfPresent(String.self, forKey: key), text == AutomaticNumber.word { return .automatic }
    guard contains(key) else { return fallback }
    do {
      return .number(try number(key, allowed: "\(allowed), or \(AutomaticNumber.word)", where: condition))
    } catch DecodingError.typeMismatch(_, let context) {
      let found = context.debugDescription, numberOnly = "must be a number"
      guard found.hasPrefix(numberOnly) else { throw error(key, found) }
      throw error(key, "\(numberOnly) or \(AutomaticNumber.word)\(found.dropFirst(numberOnly.count))")
    }
  }
}

extension KeyedDecodingContainer {
  /// The smoothing of an activation: a number above 0, or `auto`.
  package func smoothing(_ key: Key, default fallback: AutomaticNumber) throws -> AutomaticNumber {
    try automatic(key, default: fallback, allowed: "a number above 0") { $0 > 0 && $0.isFinite }
  }
}
