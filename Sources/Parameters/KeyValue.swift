/// A type of values that a key of a deck can have.
package protocol KeyValue: Sendable, Equatable {
  /// What is allowed where a key says nothing else, after the words "must be".
  static var wanted: String { get }
  /// Reads a value that is not null; `wanted` is what the key allows, for the ``DeckError``.
  static func read(_ entry: Entry, wanted: String) throws -> Self
  /// The value as a deck has it.
  var tree: Tree { get }
}

/// A value that a scalar holds.
protocol ScalarValue: KeyValue {
  /// Nil where the scalar's text is of another type.
  init?(scalar text: String, isPlain: Bool)
}

extension ScalarValue {
  package static func read(_ entry: Entry, wanted: String) throws -> Self {
    guard case .scalar(let text, let isPlain) = entry.tree.content, !entry.tree.isNull,
      let value = Self(scalar: text, isPlain: isPlain)
    else { throw entry.mustBe(wanted) }
    return value
  }
}

extension Bool: ScalarValue {
  package static var wanted: String { "true or false" }
  package var tree: Tree { Tree(.scalar(self ? "true" : "false", isPlain: true)) }

  init?(scalar text: String, isPlain: Bool) {
    guard isPlain, let value = CoreSchema.bool(text) else { return nil }
    self = value
  }
}

extension Int: ScalarValue {
  package static var wanted: String { "a whole number" }
  package var tree: Tree { Tree(.scalar(description, isPlain: true)) }

  init?(scalar text: String, isPlain: Bool) {
    guard isPlain, let value = CoreSchema.integer(text) else { return nil }
    self = value
  }
}

extension Double: ScalarValue {
  package static var wanted: String { "a number" }

  /// The fewest digits that read back as the same number.
  package var tree: Tree {
    Tree(.scalar(isNaN ? ".nan" : isInfinite ? (self < 0 ? "-.inf" : ".inf") : description, isPlain: true))
  }

  init?(scalar text: String, isPlain: Bool) {
    guard isPlain, let value = CoreSchema.number(text) else { return nil }
    self = value
  }
}

extension String: ScalarValue {
  package static var wanted: String { "text" }
  package var tree: Tree { Tree(.scalar(self, isPlain: false)) }

  init?(scalar text: String, isPlain: Bool) { self = text }
}

extension Array: KeyValue where Element: KeyValue {
  package static var wanted: String { "a list" }
  package var tree: Tree { Tree(.list(map(\.tree))) }

  package static func read(_ entry: Entry, wanted: String) throws -> [Element] {
    guard case .list(let items) = entry.tree.content else { throw entry.mustBe(wanted) }
    return try items.enumerated().map { index, item in
      try Element.read(Entry(path: "\(entry.path)[\(index)]", tree: item), wanted: Element.wanted)
    }
  }
}

/// Whether a text can be the path of a file. A zero byte is refused: the system would take it for the path's end.
@Sendable package func isPath(_ text: String) -> Bool { !text.isEmpty && isPathPart(text) }

/// Whether a text can be the name of a file or a folder in another folder, and of one line.
@Sendable package func isFileName(_ text: String) -> Bool {
  !text.utf8.isEmpty && text != "." && text != ".." && text.utf8.count <= 255
    && text.unicodeScalars.allSatisfy {
      $0 != "/" && $0.value >= 0x20 && $0 != "\u{7F}" && !$0.properties.isPatternWhitespace || $0 == " "
    }
    && !text.unicodeScalars.allSatisfy(\.isBlank)
}

/// Whether a text can be a part of a path, or be empty.
@Sendable package func isPathPart(_ text: String) -> Bool { !text.utf8.contains(0) }
