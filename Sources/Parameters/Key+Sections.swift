extension Key where Root: Section {
  /// A section within the section.
  package static func section<S: Section>(
    _ name: String, _ path: WritableKeyPath<Root, S> & Sendable, _ meaning: String, isRequired: Bool = false
  ) -> Key {
    Key(
      name: name,
      read: { entries, root in
        if let entry = entries.take(name) {
          root[keyPath: path] = try S.read(entry, entries.strangers)
        } else if isRequired {
          throw entries.missing(name, "a section of keys")
        } else {
          // Its defaults may depend on each other.
          let empty = Entry(path: name, tree: Tree(.mapping(Mapping())))
          root[keyPath: path] = try S.read(empty, entries.strangers)
        }
      },
      write: { [Mapping.Entry(name, $0[keyPath: path].tree())] },
      describe: { [KeyDescription(name, meaning)] + S.description(in: name) })
  }

  /// A section that may be absent.
  package static func section<S: Section>(
    _ name: String, optional path: WritableKeyPath<Root, S?> & Sendable, _ meaning: String
  ) -> Key {
    Key(
      name: name,
      read: { entries, root in
        if let entry = entries.take(name) { root[keyPath: path] = try S.read(entry, entries.strangers) }
      },
      write: { root in root[keyPath: path].map { [Mapping.Entry(name, $0.tree())] } ?? [] },
      describe: { [KeyDescription(name, meaning, fallback: "none")] + S.description(in: name) })
  }

  /// A section that is required, or a list of such sections.
  package static func sections<S: Section>(
    _ name: String, _ path: WritableKeyPath<Root, S> & Sendable, further: WritableKeyPath<Root, [S]> & Sendable,
    _ meaning: String
  ) -> Key {
    Key(
      name: name,
      read: { entries, root in
        guard let entry = entries.take(name) else { throw entries.missing(name, "a section of keys") }
        guard case .list(let items) = entry.tree.content else {
          root[keyPath: path] = try S.read(entry, entries.strangers)
          return
        }
        guard !items.isEmpty else { throw entry.mustBe("a section of keys, or a list of them") }
        let sections = try items.enumerated().map { index, item in
          try S.read(Entry(path: "\(entry.path)[\(index)]", tree: item), entries.strangers)
        }
        root[keyPath: path] = sections[0]
        root[keyPath: further] = Array(sections.dropFirst())
      },
      write: { root in
        let first = root[keyPath: path].tree(), others = root[keyPath: further].map { $0.tree() }
        return [Mapping.Entry(name, others.isEmpty ? first : Tree(.list([first] + others)))]
      },
      describe: { [KeyDescription(name, meaning)] + S.description(in: name) })
  }

  /// A group of keys of this section that go with one of them, which is required in the group.
  package static func group<S: Section>(
    with name: String, _ path: WritableKeyPath<Root, S?> & Sendable
  ) -> Key {
    var key = Key(
      name: name,
      read: { entries, root in if entries.take(name) != nil { root[keyPath: path] = try S.taken(from: &entries) } },
      write: { $0[keyPath: path]?.entries ?? [] },
      describe: { S.keys.flatMap { $0.describe() } })
    key.owner = { other in S.keys.contains { $0.name == other } ? "belongs to \(name)" : nil }
    return key
  }

  /// One of the variants of a kind, with its parameters beside it.
  ///
  /// - Parameters:
  ///   - path: a property of the type `any Kind`.
  ///   - list: variants of the kind.
  ///   - usual: chooses the variant where the key is absent, from the keys declared before this one and from words of the
  ///     section; without it that of the section's `init()` is taken.
  package static func variant<Kind>(
    _ name: String, _ path: WritableKeyPath<Root, Kind> & Sendable, _ meaning: String,
    among list: [any Variant.Type], otherwise: String? = nil,
    usual: (@Sendable (Root, Entries) -> any Variant.Type)? = nil
  ) -> Key {
    var key = Key(
      name: name,
      read: { entries, root in
        let kind: any Variant.Type =
          if let entry = entries.take(name) {
            try chosen(entry, among: list) { $0.name }
          } else {
            usual?(root, entries) ?? type(of: asVariant(root[keyPath: path]))
          }
        root[keyPath: path] = asKind(try kind.taken(from: &entries))
      },
      write: { variantEntries(name, asVariant($0[keyPath: path])) },
      describe: {
        let fallback = otherwise ?? type(of: asVariant(Root()[keyPath: path])).name
        return variantDescriptions(name, meaning, list, fallback)
      })
    key.owner = { owner($0, name, list) }
    return key
  }

  /// One of the variants of a kind, or none.
  package static func variant<Kind>(
    _ name: String, optional path: WritableKeyPath<Root, Kind?> & Sendable, _ meaning: String,
    among list: [any Variant.Type]
  ) -> Key {
    var key = Key(
      name: name,
      read: { entries, root in
        guard let entry = entries.take(name) else { return }
        root[keyPath: path] = asKind(try chosen(entry, among: list) { $0.name }.taken(from: &entries))
      },
      write: { root in root[keyPath: path].map { variantEntries(name, asVariant($0)) } ?? [] },
      describe: { variantDescriptions(name, meaning, list, "none") })
    key.owner = { owner($0, name, list) }
    return key
  }

  private static func asVariant<Kind>(_ value: Kind) -> any Variant {
    guard let variant = value as? any Variant else { preconditionFailure("\(Kind.self) is no kind of variants") }
    return variant
  }

  private static func asKind<Kind>(_ variant: any Variant) -> Kind {
    guard let value = variant as? Kind else { preconditionFailure("\(type(of: variant)) is no \(Kind.self)") }
    return value
  }

  private static func variantEntries(_ name: String, _ variant: any Variant) -> [Mapping.Entry] {
    [Mapping.Entry(name, type(of: variant).name.tree)] + variant.entries
  }

  private static func owner(_ other: String, _ name: String, _ list: [any Variant.Type]) -> String? {
    let owners = list.filter { $0.keyNames.contains(other) }.map { $0.name }
    return owners.isEmpty ? nil : "belongs to \(name): \(owners.joined(separator: ", "))"
  }

  private static func variantDescriptions(
    _ name: String, _ meaning: String, _ list: [any Variant.Type], _ fallback: String
  ) -> [KeyDescription] {
    var found = [KeyDescription(name, meaning, names: list.map { $0.name }, fallback: fallback)]
    for kind in list {
      for var parameter in kind.description() {
        // A parameter that several variants have alike is said once.
        if let index = found.firstIndex(where: { parameter.isSame(as: $0) && !$0.owners.isEmpty }) {
          found[index].owners.append(kind.name)
        } else {
          parameter.owner = name
          parameter.owners = [kind.name]
          found.append(parameter)
        }
      }
    }
    return found
  }
}
