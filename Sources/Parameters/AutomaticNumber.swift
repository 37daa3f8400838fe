/// A number of a deck that can be left to the data: the number, or the word `auto`.
package enum AutomaticNumber: KeyValue {
  /// `auto`: it follows from the data when the run starts.
  case automatic
  case number(Double)

  /// The word for ``automatic`` in a deck.
  package static let word = "auto"
  package static var wanted: String { "a number or \(word)" }

  package static func read(_ entry: Entry, wanted: String) throws -> AutomaticNumber {
    if case .scalar(word, _) = entry.tree.content { return .automatic }
    return .number(try Double.read(entry, wanted: wanted))
  }

  package var tree: Tree {
    switch self {
    case .automatic: Self.word.tree
    case .number(let number): number.tree
    }
  }

  /// The number, or one that is worked out where it is left to the data.
  package func number(or automatic: () throws -> Double) rethrows -> Double {
    switch self {
    case .automatic: try automatic()
    case .number(let number): number
    }
  }
}

extension Key where Root: Section {
  /// A number that a condition allows, or `auto`; `allowed` says the condition in words.
  package static func automatic(
    _ name: String, _ path: WritableKeyPath<Root, AutomaticNumber> & Sendable, _ meaning: String, allowed: String,
    otherwise: String? = nil, where condition: @escaping @Sendable (Double) -> Bool
  ) -> Key {
    .value(name, path, meaning, allowed: "\(allowed) or \(AutomaticNumber.word)", otherwise: otherwise) {
      if case .number(let number) = $0 { condition(number) } else { true }
    }
  }
}
