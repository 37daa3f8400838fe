/// A type that a scalar is read as.
protocol ScalarValue {
  /// What the type wants, after the words "must be".
  static var wanted: String { get }
  /// Reads a scalar that is not null; nil where its text is of another type.
  static func read(_ text: String, isPlain: Bool) -> Self?
}

extension Bool: ScalarValue {
  static var wanted: String { "true or false" }
  static func read(_ text: String, isPlain: Bool) -> Bool? { isPlain ? CoreSchema.bool(text) : nil }
}

extension String: ScalarValue {
  static var wanted: String { "text" }
  static func read(_ text: String, isPlain: Bool) -> String? { text }
}

extension ScalarValue where Self: BinaryFloatingPoint & LosslessStringConvertible {
  static var wanted: String { "a number" }
  static func read(_ text: String, isPlain: Bool) -> Self? { isPlain ? CoreSchema.float(text, as: Self.self) : nil }
}

extension ScalarValue where Self: FixedWidthInteger {
  static var wanted: String {
    if Self.self == Int.self || Self.self == Int64.self { return "a whole number" }
    return "a whole number from \(Self.min) to \(Self.max)"
  }
  static func read(_ text: String, isPlain: Bool) -> Self? { isPlain ? CoreSchema.integer(text, as: Self.self) : nil }
}

extension Double: ScalarValue {}
extension Float: ScalarValue {}
extension Int: ScalarValue {}
extension Int8: ScalarValue {}
extension Int16: ScalarValue {}
extension Int32: ScalarValue {}
extension Int64: ScalarValue {}
extension UInt: ScalarValue {}
extension UInt8: ScalarValue {}
extension UInt16: ScalarValue {}
extension UInt32: ScalarValue {}
extension UInt64: ScalarValue {}

extension NodeDecoder {
  /// Decodes the node as any type; scalars are read here, other types ask this decoder for containers.
  func value<T: Decodable>(_ type: T.Type) throws -> T {
    if let scalar = type as? any ScalarValue.Type {
      guard let value = try read(scalar) as? T else { throw mismatch(type, wanted: scalar.wanted) }
      return value
    }
    do {
      return try T(from: self)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.count == codingPath.count {
      // the text of the standard library's enums does not say what is allowed
      guard context.debugDescription.hasPrefix("Cannot initialize"), let list = type as? any CaseIterable.Type else {
        throw DecodingError.dataCorrupted(context)
      }
      throw mismatch(type, wanted: words(of: list))
    }
  }

  private func read<S: ScalarValue>(_ type: S.Type) throws -> S {
    guard case .scalar(let text, let isPlain) = node.content, !node.isNull,
      let value = S.read(text, isPlain: isPlain)
    else { throw mismatch(type, wanted: S.wanted) }
    return value
  }

  private func words<C: CaseIterable>(of type: C.Type) -> String {
    let words = type.allCases.map { value in (value as? any RawRepresentable).map { "\($0.rawValue)" } ?? "\(value)" }
    return (words.count > 1 ? "one of " : "") + words.joined(separator: ", ")
  }

  /// The error about a node that is not what was wanted.
  func mismatch(_ type: Any.Type, wanted: String) -> DecodingError {
    var found = node.summary
    if case .scalar(let text, isPlain: false) = node.content, CoreSchema.hasType(text) {
      found = "the text \(found) in quotes"
    }
    return DecodingError.typeMismatch(
      type, DecodingError.Context(codingPath: codingPath, debugDescription: "must be \(wanted), not \(found)"))
  }
}
