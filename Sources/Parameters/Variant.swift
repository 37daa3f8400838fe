/// One of the alternatives of a kind (a sampler, an activation, a divergence ...), known to the deck by its name.
///
/// A variant is a `Codable` struct whose properties are its parameters. The file that declares the kind's protocol ends in
/// one list of all its variants; that list is the registry from which the deck and the error messages are made.
package protocol Variant: Codable, Sendable {
  /// The word that chooses this variant in a deck.
  static var name: String { get }
}

/// The variant of a name in a kind's list; the error lists the alternatives.
package func variant<Key: CodingKey, Kind>(
  named name: String, among list: [Kind], nameOf: (Kind) -> String, key: Key, in values: KeyedDecodingContainer<Key>
) throws -> Kind {
  if let found = list.first(where: { nameOf($0) == name }) { return found }
  let names = list.map(nameOf)
  let hint = nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
  throw values.error(key, "knows no '\(name)'\(hint) (allowed: \(names.joined(separator: ", ")))")
}
