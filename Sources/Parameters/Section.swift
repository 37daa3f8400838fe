/// A section of a deck: a struct whose properties are the values of its keys.
///
/// One list, ``keys``, says each key once. Reading, writing, the defaults, the errors, `--keys` and the comparison at a restart
/// follow from it.
package protocol Section: Sendable {
  /// The defaults.
  init()
  static var keys: [Key<Self>] { get }
  /// Fills in what depends on several keys and checks that they go together; `given` are the keys of the deck's section.
  /// Throws a ``KeyError``.
  mutating func complete(given: Set<String>) throws
}

extension Section {
  package mutating func complete(given: Set<String>) throws {}
}

/// One of the alternatives of a kind (a sampler, an activation, a divergence ...), known to decks by its name. Its parameters
/// are its keys; in a deck they stand beside the key that chooses it.
///
/// The file that declares the kind's protocol ends in one list of all its variants; that list is the registry from which
/// decks, errors and `--list` are made.
package protocol Variant: Section {
  /// The word that chooses it in a deck.
  static var name: String { get }
}

extension Variant {
  package static var keys: [Key<Self>] { [] }
}

/// A value that does not go with others, for ``Section/complete(given:)`` to throw: the key it is about, and what is wrong.
package struct KeyError: Error {
  let key: String
  let text: String

  package init(_ key: String, _ text: String) {
    self.key = key
    self.text = text
  }
}

extension Section {
  /// Reads a deck. Throws a ``DeckError``: for the first value that is not allowed, else for the first unknown key.
  package static func read(_ tree: Tree, keys: [Key<Self>] = Self.keys) throws -> Self {
    let strangers = Strangers()
    let value = try read(Entry(path: "", tree: tree), strangers, keys)
    if let first = strangers.first { throw first }
    return value
  }

  /// Reads a section, and tells of its unknown keys.
  static func read(_ entry: Entry, _ strangers: Strangers, _ keys: [Key<Self>] = Self.keys) throws -> Self {
    var entries = try Entries(entry, strangers)
    let value = try read(&entries, keys)
    entries.finish { name in keys.lazy.compactMap { $0.owner(name) }.first }
    return value
  }

  /// Takes its keys from the entries of a section, which may hold others.
  static func read(_ entries: inout Entries, _ keys: [Key<Self>]) throws -> Self {
    entries.declared.formUnion(keys.map(\.name))
    var value = Self()
    for key in keys { try key.read(&entries, &value) }
    do { try value.complete(given: entries.given) } catch let error as KeyError { throw entries.error(error) }
    return value
  }

  /// The section as a deck has it: the keys in the order of their declaration, every default filled in, without what is nil.
  package func tree(keys: [Key<Self>] = Self.keys) -> Tree {
    var mapping = Mapping()
    for entry in keys.flatMap({ $0.write(self) }) { mapping.put(entry) }
    return Tree(.mapping(mapping))
  }

  /// Takes its keys from the entries of a section, as part of another.
  static func taken(from entries: inout Entries) throws -> Self { try read(&entries, keys) }

  /// Its entries, as part of another section.
  var entries: [Mapping.Entry] { Self.keys.flatMap { $0.write(self) } }

  static var keyNames: [String] { keys.map(\.name) }
}
