/// A text, or a list of texts.
package struct TextList: KeyValue {
  /// The texts, at least one.
  package let all: [String]

  package init(_ all: [String]) { self.all = all }

  package static var wanted: String { "a text or a list of texts" }

  package static func read(_ entry: Entry, wanted: String) throws -> TextList {
    guard case .list(let items) = entry.tree.content else { return TextList([try String.read(entry, wanted: wanted)]) }
    guard !items.isEmpty else { throw entry.mustBe(wanted) }
    return TextList(try [String].read(entry, wanted: wanted))
  }

  package var tree: Tree { all.count == 1 ? all[0].tree : all.tree }
}

/// Other words for texts: a section of old words with the new ones.
package struct Renaming: KeyValue {
  /// The words in the deck's order.
  package let pairs: [(old: String, new: String)]

  package static func == (a: Renaming, b: Renaming) -> Bool {
    a.pairs.elementsEqual(b.pairs) { $0 == $1 }
  }

  package static var wanted: String { "a section of texts with the words for them, as {Positive: 1, Negative: 0}" }

  package static func read(_ entry: Entry, wanted: String) throws -> Renaming {
    guard case .mapping(let mapping) = entry.tree.content, !mapping.entries.isEmpty else { throw entry.mustBe(wanted) }
    return Renaming(
      pairs: try mapping.entries.map { item in
        (item.key, try String.read(Entry(path: "\(entry.path).\(item.key)", tree: item.value), wanted: String.wanted))
      })
  }

  package var tree: Tree {
    var mapping = Mapping()
    for (old, new) in pairs { mapping.put(Mapping.Entry(old, new.tree)) }
    return Tree(.mapping(mapping))
  }

  /// The word for a text; the text itself where there is no other.
  package func callAsFunction(_ text: String) -> String { pairs.first { $0.old == text }?.new ?? text }
}
