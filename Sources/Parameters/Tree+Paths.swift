extension Tree {
  /// The value of a key; nil where this is no section or has no such key.
  package subscript(key: String) -> Tree? {
    guard case .mapping(let mapping) = content else { return nil }
    return mapping[key]?.value
  }

  /// Puts a value that `--set` gives at a path of keys; sections that do not exist are made. Throws a ``DeckError`` that
  /// names the option where something on the way is no section, and changes nothing then.
  package mutating func set(_ keys: [String], to value: Tree, option: String) throws {
    var node: Tree? = self
    for level in keys.indices {
      guard let section = node else { break }
      if case .mapping = section.content {
        node = section[keys[level]]
      } else if section.isNull {
        break
      } else {
        let name = level == 0 ? "the deck" : keys[..<level].joined(separator: ".")
        throw DeckError(
          .option(option), path: option, "cannot be set: \(name) is \(section.summary), not a section of keys")
      }
    }
    put(value, at: keys[...], .option(option))
  }

  private mutating func put(_ value: Tree, at keys: ArraySlice<String>, _ origin: Origin) {
    guard let key = keys.first else {
      self = value
      return
    }
    var mapping = Mapping()
    if case .mapping(let existing) = content { mapping = existing } else { self.origin = origin }
    if keys.count == 1 || mapping[key] == nil {
      mapping.put(Mapping.Entry(key, at: origin, Tree(.mapping(Mapping()), at: origin)))
    }
    mapping.change(key) { $0.put(value, at: keys.dropFirst(), origin) }
    content = .mapping(mapping)
  }

  /// The paths of the keys in which two trees differ, in the order of this one, then those that only the other has. A list
  /// without sections is one value; null is as absent, and in quotes or not, a text is the same unless it reads as something else.
  package func differences(from other: Tree, at path: String = "") -> [String] {
    switch (content, other.content) {
    case (.scalar, .scalar) where isNull && other.isNull: return []
    case (.scalar(let a, let isPlain), .scalar(let b, let isOtherPlain)):
      let isSame = a == b && (isPlain == isOtherPlain || !CoreSchema.hasType(a))
      return isSame ? [] : [path]
    case (.list(let a), .list(let b)) where a.count == b.count:
      let isOfSections = a.contains { if case .mapping = $0.content { true } else { false } }
      if !isOfSections {
        return zip(a, b).allSatisfy({ $0.differences(from: $1, at: path).isEmpty }) ? [] : [path]
      }
      return zip(a, b).enumerated().flatMap { $1.0.differences(from: $1.1, at: "\(path)[\($0)]") }
    case (.mapping(let a), .mapping(let b)):
      let keys = a.entries.map(\.key) + b.entries.map(\.key).filter { a[$0] == nil }
      return keys.flatMap { key in
        let path = path.isEmpty ? key : "\(path).\(key)"
        guard let ours = a[key]?.value, let theirs = b[key]?.value else {
          return (a[key] ?? b[key])?.value.isNull == true ? [] : [path]
        }
        return ours.differences(from: theirs, at: path)
      }
    default: return [path]
    }
  }
}
