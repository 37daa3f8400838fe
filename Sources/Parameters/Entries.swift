/// A value of a deck and the path of its key, such as `training.steps`.
package struct Entry: Sendable {
  package let path: String
  package let tree: Tree

  /// An error about the value.
  package func error(_ text: String) -> DeckError { DeckError(tree.origin, path: path, text) }

  /// The error of a value that is not what is wanted.
  package func mustBe(_ wanted: String) -> DeckError {
    var hint: String?
    if case .scalar(let text, let isPlain) = tree.content, !tree.isNull {
      hint = Misspelling.hint(for: text, isPlain: isPlain, wanted: wanted)
    }
    return error("must be \(wanted), not \(tree.summary)" + (hint.map { "; \($0)" } ?? ""))
  }
}

/// The entries of one section while it is read. Each key takes its own; what nobody took is unknown.
package struct Entries {
  /// The section.
  let section: Entry
  let strangers: Strangers
  /// The keys that the section declares, whether they were taken or not.
  var declared: Set<String> = []
  private let mapping: Mapping
  private var taken: [String] = []

  init(_ section: Entry, _ strangers: Strangers) throws {
    guard case .mapping(let mapping) = section.tree.content else { throw section.mustBe("a section of keys") }
    self.section = section
    self.strangers = strangers
    self.mapping = mapping
  }

  /// The keys that have a value.
  var given: Set<String> { Set(mapping.entries.lazy.filter { !$0.value.isNull }.map(\.key)) }

  /// The text of a key's scalar, without taking it; nil where it has none.
  package func word(_ name: String) -> String? {
    guard let tree = mapping[name]?.value, !tree.isNull, case .scalar(let text, _) = tree.content else { return nil }
    return text
  }

  /// Takes the entry of a key; nil where it is absent or null.
  mutating func take(_ name: String) -> Entry? {
    if !taken.contains(name) { taken.append(name) }
    guard let value = mapping[name]?.value, !value.isNull else { return nil }
    return Entry(path: path(name), tree: value)
  }

  /// The error of a key that the deck has to give. One that was most likely meant for it is named in its place.
  func missing(_ name: String, _ wanted: String) -> DeckError {
    if let null = mapping[name] { return Entry(path: path(name), tree: null.value).mustBe(wanted) }
    return error(KeyError(name, "is missing; the deck must give it"))
  }

  /// An error about a key at its place. Where it is absent, a key that was most likely meant for it is named instead.
  func error(_ error: KeyError) -> DeckError {
    if let found = mapping[error.key] { return DeckError(found.value.origin, path: path(error.key), error.text) }
    let others = mapping.entries.map(\.key).filter { !declared.contains($0) && near($0, among: [error.key]) != nil }
    if let near = nearest(to: error.key, among: others), let entry = mapping[near] {
      return DeckError(entry.origin, path: path(near), "is not a known key; did you mean \(error.key)?")
    }
    return DeckError(section.tree.origin, path: path(error.key), error.text)
  }

  /// Tells of the first key that nobody took. `owner` says to what else it belongs.
  func finish(owner: (String) -> String?) {
    let known = Set(taken)
    guard let entry = mapping.entries.first(where: { !known.contains($0.key) }) else { return }
    if let owner = owner(entry.key) {
      strangers.add(
        entry.origin, DeckError(entry.origin, path: path(entry.key), "\(owner); choose that, or leave it out"))
      return
    }
    let hint = Misspelling.strangeLetters(of: entry.key) + (meant(by: entry).map { "; did you mean \($0)?" } ?? "")
    let names = taken.isEmpty ? "this section has no keys" : "known: \(taken.joined(separator: ", "))"
    strangers.add(
      entry.origin, DeckError(entry.origin, path: path(entry.key), "is not a known key\(hint) (\(names))"))
  }

  /// The key that was most likely meant, with the value where both stand in the key: within brackets YAML takes `steps:3`
  /// and `steps 3` for keys without a value.
  private func meant(by entry: Mapping.Entry) -> String? {
    let word = entry.key.unicodeScalars.prefix(while: Misspelling.isKeyLetter)
    let rest = entry.key.unicodeScalars[word.endIndex...].drop {
      " :=\u{FF1A}".unicodeScalars.contains($0) || $0.isBlank
    }
    if entry.value.isNull, !rest.isEmpty, let key = near(String(word), among: taken) {
      return oneLine("\(key): \(String(rest))", limit: 100) + ", with a colon and a blank behind it"
    }
    return near(entry.key, among: taken)
  }

  private func path(_ name: String) -> String { section.path.isEmpty ? name : "\(section.path).\(name)" }

  /// Long words are no typing errors, and comparing them takes long.
  private func near(_ key: String, among known: [String]) -> String? {
    key.utf8.count > 100 ? nil : nearest(to: key, among: known)
  }
}

/// The unknown keys of all sections of a deck. They are an error only where every known one is right, and the first in the
/// text comes first, whatever is read first.
final class Strangers {
  private var found: (origin: Origin, error: DeckError)?

  /// The error of the first one.
  var first: DeckError? { found?.error }

  func add(_ origin: Origin, _ error: DeckError) {
    if let found, !origin.precedes(found.origin) { return }
    found = (origin, error)
  }
}
