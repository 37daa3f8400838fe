/// Where a part of a deck was written.
package enum Origin: Equatable, Sendable {
  /// A line and a column of a file, both from 1.
  case position(file: String, line: Int, column: Int)
  /// The key path of a `--set` option.
  case option(String)
  /// Nowhere: the program made it.
  case program

  /// Whether a reader of the deck meets this place first; options come after the text.
  func precedes(_ other: Origin) -> Bool {
    switch (self, other) {
    case (.position(_, let a, let b), .position(_, let c, let d)): (a, b) < (c, d)
    case (.position, .option): true
    default: false
    }
  }
}

/// A value of a deck with its place: a scalar, a list or a section of keys.
package struct Tree: Sendable {
  /// What it holds.
  package enum Content: Sendable {
    /// A scalar's text; `isPlain` is false for text that stands in quotes or a block, and for text that the program made.
    case scalar(String, isPlain: Bool)
    case list([Tree])
    case mapping(Mapping)
  }

  package internal(set) var content: Content
  /// Where the value begins.
  package internal(set) var origin: Origin

  package init(_ content: Content, at origin: Origin = .program) {
    self.content = content
    self.origin = origin
  }

  /// True for a plain `null`, `~` or nothing at all.
  package var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return CoreSchema.isNull(text)
  }

  /// The number of levels from here to the deepest value.
  package var depth: Int {
    switch content {
    case .scalar: 1
    case .list(let items): 1 + (items.lazy.map(\.depth).max() ?? 0)
    case .mapping(let mapping): 1 + (mapping.entries.lazy.map(\.value.depth).max() ?? 0)
    }
  }

  /// The value in the words of an error message.
  package var summary: String {
    switch content {
    case .scalar(let text, let isPlain):
      let quotation = "'" + oneLine(text, limit: 60) + "'"
      if isNull { return "null" }
      return isPlain || !CoreSchema.hasType(text) ? quotation : "the text \(quotation) in quotes"
    case .list: return inline.map { "the list " + oneLine($0, limit: 60) } ?? "a list"
    case .mapping: return "a section of keys"
    }
  }

  /// A scalar or a short list of scalars on one line, without quotes; nil for anything else.
  var inline: String? {
    switch content {
    case .scalar(let text, _): return text
    case .list(let items) where items.count <= 100:
      let parts = items.compactMap(\.inline)
      return parts.count == items.count ? "[" + parts.joined(separator: ", ") + "]" : nil
    default: return nil
    }
  }
}

/// The keys of a section with their values, in the order of the text; a key occurs once.
package struct Mapping: Sendable {
  /// A key with its place and its value.
  package struct Entry: Sendable {
    package let key: String
    package let origin: Origin
    package fileprivate(set) var value: Tree

    package init(_ key: String, at origin: Origin = .program, _ value: Tree) {
      self.key = key
      self.origin = origin
      self.value = value
    }
  }

  package private(set) var entries: [Entry] = []
  private var indices: [String: Int] = [:]

  package init() {}

  /// The entry of a key.
  package subscript(key: String) -> Entry? { indices[key].map { entries[$0] } }

  /// Adds an entry, or replaces the one with its key in place.
  package mutating func put(_ entry: Entry) {
    if let index = indices[entry.key] {
      entries[index] = entry
    } else {
      indices[entry.key] = entries.count
      entries.append(entry)
    }
  }

  /// Changes the value of a key that is there.
  mutating func change(_ key: String, _ body: (inout Tree) throws -> Void) rethrows {
    if let index = indices[key] { try body(&entries[index].value) }
  }
}
