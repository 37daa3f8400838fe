/// What a variant reads from a deck: values with defaults and ranges.
///
/// Each function throws a `DecodingError` for the key, whose text says what is allowed; the decoder that knows the deck's
/// text adds the file, the line and the column. A value that has a default may be absent.
extension KeyedDecodingContainer {
  /// The value at a key, or the default where the key is absent.
  package func value<T: Decodable>(_ key: Key, default fallback: T) throws -> T {
    try decodeIfPresent(T.self, forKey: key) ?? fallback
  }

  /// A finite number above zero.
  package func positive(_ key: Key, default fallback: Double? = nil) throws -> Double {
    try number(key, default: fallback, allowed: "a number above 0") { $0 > 0 && $0.isFinite }
  }

  /// A finite number that is zero or above.
  package func nonNegative(_ key: Key, default fallback: Double? = nil) throws -> Double {
    try number(key, default: fallback, allowed: "a number that is 0 or above") { $0 >= 0 && $0.isFinite }
  }

  /// A finite number.
  package func finite(_ key: Key, default fallback: Double? = nil) throws -> Double {
    try number(key, default: fallback, allowed: "a finite number") { $0.isFinite }
  }

  /// A number that a condition allows; `allowed` says the condition in words.
  package func number(
    _ key: Key, default fallback: Double? = nil, allowed: String, where condition: (Double) -> Bool
  ) throws -> Double {
    try checked(key, default: fallback, allowed: allowed, where: condition)
  }

  /// A whole number above zero.
  package func count(_ key: Key, default fallback: Int? = nil) throws -> Int {
    try checked(key, default: fallback, allowed: "a whole number above 0") { $0 > 0 }
  }

  /// The path of a file. A zero byte is refused: the system would take it for the path's end.
  package func path(_ key: Key) throws -> String {
    try checked(key, allowed: "the path of a file") { !$0.isEmpty && !$0.utf8.contains(0) }
  }

  /// A text from which a path may be made, with a default; it has no zero byte.
  package func pathPart(_ key: Key, default fallback: String) throws -> String {
    try checked(key, default: fallback, allowed: "text without zero bytes") { !$0.utf8.contains(0) }
  }

  /// A value that a condition allows; `allowed` says the condition in words.
  package func checked<T: Decodable>(
    _ key: Key, default fallback: T? = nil, allowed: String, where condition: (T) -> Bool
  ) throws -> T {
    let found: T?
    if let fallback {
      found = try decodeIfPresent(T.self, forKey: key) ?? fallback
    } else {
      found = try decode(T.self, forKey: key)
    }
    guard let value = found, condition(value) else {
      throw error(key, "must be \(allowed)" + (found.map { ", not \($0)" } ?? ""))
    }
    return value
  }

  /// An error about the value at a key, for `init(from:)` to throw.
  package func error(_ key: Key, _ text: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: codingPath + [key], debugDescription: text))
  }
}
