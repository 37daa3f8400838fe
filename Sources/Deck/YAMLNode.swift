/// Where a part of a deck was written.
package enum YAMLOrigin: Equatable, Sendable {
  /// A line and a column of the deck's file, both from 1.
  case position(line: Int, column: Int)
  /// The key path of a `--set` option.
  case option(String)
}

/// A value of a YAML text with its place: a scalar, a list or a section of keys.
package final class YAMLNode {
  /// What a node holds.
  package enum Content {
    /// A scalar's text; `isPlain` is false for a scalar in quotes or a block, which is always text.
    case scalar(String, isPlain: Bool)
    /// A list.
    case sequence([YAMLNode])
    /// A section: keys with values, in the order of the text.
    case mapping(YAMLMapping)
  }

  /// The value.
  package internal(set) var content: Content
  /// Where the value begins.
  package internal(set) var origin: YAMLOrigin

  /// A node with a place.
  package init(_ content: Content, at origin: YAMLOrigin) {
    self.content = content
    self.origin = origin
  }

  /// The value of a key; nil where the node is no section or has no such key.
  package subscript(key: String) -> YAMLNode? {
    guard case .mapping(let mapping) = content else { return nil }
    return mapping[key]?.value
  }

  /// The line from 1; nil for a value of the command line.
  package var line: Int? {
    guard case .position(let line, _) = origin else { return nil }
    return line
  }

  /// The column from 1; nil for a value of the command line.
  package var column: Int? {
    guard case .position(_, let column) = origin else { return nil }
    return column
  }

  /// True for a plain `null`, `~` or nothing at all.
  package var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return CoreSchema.isNull(text)
  }

  /// The value in the words of an error message.
  var summary: String {
    switch content {
    case .scalar(let text, _): return isNull ? "null" : quotation(text)
    case .sequence: return "a list"
    case .mapping: return "a section of keys"
    }
  }

  /// The number of levels from this node to its deepest value.
  var depth: Int {
    switch content {
    case .scalar: return 1
    case .sequence(let items): return 1 + (items.lazy.map(\.depth).max() ?? 0)
    case .mapping(let mapping): return 1 + (mapping.entries.lazy.map(\.value.depth).max() ?? 0)
    }
  }
}

/// The keys of a section with their values, in the order of the text; a key occurs once.
package struct YAMLMapping {
  /// A key with its value.
  package struct Entry {
    /// The key.
    package let key: String
    /// Where the key begins.
    package let origin: YAMLOrigin
    /// The value.
    package let value: YAMLNode
  }

  /// The keys in order.
  package private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  /// No keys.
  package init() {}

  /// The entry of a key.
  package subscript(key: String) -> Entry? { places[key].map { entries[$0] } }

  /// Adds an entry, or replaces the one with its key in place.
  package mutating func put(_ entry: Entry) {
    if let place = places[entry.key] {
      entries[place] = entry
    } else {
      places[entry.key] = entries.count
      entries.append(entry)
    }
  }
}
