/// A variant of which a deck has a list: an item is its name, or its name with its keys in a section.
package protocol ListedVariant: Variant {
  /// The key that a single value beside the name stands for: `- scale: 0.1`; nil: there is none.
  static var mainKey: String? { get }
}

extension ListedVariant {
  package static var mainKey: String? { nil }
}

extension Key where Root: Section {
  /// A list of variants of a kind, in the deck's order; empty where the key is absent.
  ///
  /// - Parameters:
  ///   - path: a property of the type `[any Kind]`.
  ///   - list: variants of the kind.
  package static func variants<Kind>(
    _ name: String, _ path: WritableKeyPath<Root, [Kind]> & Sendable, _ meaning: String,
    among list: [any ListedVariant.Type]
  ) -> Key {
    let names = list.map { $0.name }.joined(separator: ", ")
    return Key(
      name: name,
      read: { entries, root in
        guard let entry = entries.take(name) else { return }
        guard case .list(let items) = entry.tree.content else { throw entry.mustBe("a list of \(names)") }
        root[keyPath: path] = try items.enumerated().map { index, item in
          let item = Entry(path: "\(entry.path)[\(index)]", tree: item)
          guard let kind = try listed(item, among: list, entries.strangers) as? Kind else {
            preconditionFailure("\(Kind.self) is no kind of these variants")
          }
          return kind
        }
      },
      write: { root in
        let items = root[keyPath: path].compactMap { ($0 as? any ListedVariant)?.item }
        return items.isEmpty ? [] : [Mapping.Entry(name, Tree(.list(items)))]
      },
      describe: {
        [KeyDescription(name, meaning, allowed: "a list of \(names)", fallback: "none")]
          + list.flatMap { $0.description(in: "\(name).\($0.name)") }
      })
  }

  private static func listed(
    _ item: Entry, among list: [any ListedVariant.Type], _ strangers: Strangers
  ) throws -> any ListedVariant {
    var word = item.tree, value = Tree(.mapping(Mapping()), at: item.tree.origin)
    if case .mapping(let mapping) = item.tree.content {
      guard let only = mapping.entries.first, mapping.entries.count == 1 else {
        throw item.error(
          "must be one word with its own keys in a section, as - word: {key: value}; it has the keys "
            + (mapping.entries.map(\.key).joined(separator: ", ")))
      }
      word = Tree(.scalar(only.key, isPlain: false), at: only.origin)
      if !only.value.isNull { value = only.value }
    }
    let kind = try chosen(Entry(path: item.path, tree: word), among: list) { $0.name }
    if let key = kind.mainKey, case .scalar = value.content {
      var section = Mapping()
      section.put(Mapping.Entry(key, at: value.origin, value))
      value = Tree(.mapping(section), at: value.origin)
    }
    return try kind.listed(Entry(path: "\(item.path).\(kind.name)", tree: value), strangers)
  }
}

extension ListedVariant {
  fileprivate static func listed(_ entry: Entry, _ strangers: Strangers) throws -> Self { try read(entry, strangers) }

  /// The item that stands for it.
  fileprivate var item: Tree {
    guard let first = entries.first else { return Self.name.tree }
    var mapping = Mapping()
    let isShort = entries.count == 1 && first.key == Self.mainKey
    mapping.put(Mapping.Entry(Self.name, isShort ? first.value : tree()))
    return Tree(.mapping(mapping))
  }
}
