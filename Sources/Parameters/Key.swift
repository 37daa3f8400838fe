/// A key of a section, said once: its name, meaning, default and what is allowed, from which all that is done with it follows.
///
/// The default is what the section's `init()` gives; `otherwise` says it in words where it depends on other keys.
package struct Key<Root>: Sendable {
  package let name: String
  /// Takes its entry from those of a section; an absent one leaves the default.
  let read: @Sendable (_ entries: inout Entries, _ root: inout Root) throws -> Void
  /// The entries that stand for it: its own, and those of a variant's parameters.
  let write: @Sendable (_ root: Root) -> [Mapping.Entry]
  /// What `--keys` says of it; the paths start at the section.
  let describe: @Sendable () -> [KeyDescription]
  /// Says of another key's name to which alternative of this one it belongs.
  var owner: @Sendable (_ name: String) -> String? = { _ in nil }
}

extension Key where Root: Section {
  /// A value that a condition allows; `allowed` says the condition in words.
  package static func value<V: KeyValue>(
    _ name: String, _ path: WritableKeyPath<Root, V> & Sendable, _ meaning: String, allowed: String? = nil,
    otherwise: String? = nil, isRequired: Bool = false,
    where condition: @escaping @Sendable (V) -> Bool = { _ in true }
  ) -> Key {
    let allowed = allowed ?? V.wanted
    return Key(
      name: name,
      read: { entries, root in
        if let entry = entries.take(name) {
          root[keyPath: path] = try checked(entry, allowed, condition)
        } else if isRequired {
          throw entries.missing(name, allowed)
        }
      },
      write: { [Mapping.Entry(name, $0[keyPath: path].tree)] },
      describe: {
        let usual = Root()[keyPath: path].tree.inline ?? "", fallback = otherwise ?? (usual.isEmpty ? "empty" : usual)
        return [KeyDescription(name, meaning, allowed: allowed, fallback: isRequired ? "" : fallback)]
      })
  }

  /// A value that may be absent.
  package static func value<V: KeyValue>(
    _ name: String, optional path: WritableKeyPath<Root, V?> & Sendable, _ meaning: String, allowed: String? = nil,
    otherwise: String = "none", where condition: @escaping @Sendable (V) -> Bool = { _ in true }
  ) -> Key {
    let allowed = allowed ?? V.wanted
    return Key(
      name: name,
      read: { entries, root in
        if let entry = entries.take(name) { root[keyPath: path] = try checked(entry, allowed, condition) }
      },
      write: { root in root[keyPath: path].map { [Mapping.Entry(name, $0.tree)] } ?? [] },
      describe: { [KeyDescription(name, meaning, allowed: allowed, fallback: otherwise)] })
  }

  private static func checked<V: KeyValue>(
    _ entry: Entry, _ allowed: String, _ condition: @Sendable (V) -> Bool
  ) throws -> V {
    let value = try V.read(entry, wanted: allowed)
    guard condition(value) else { throw entry.mustBe(allowed) }
    return value
  }

  /// One of a list, chosen by its name.
  package static func choice<V: Sendable>(
    _ name: String, _ path: WritableKeyPath<Root, V> & Sendable, _ meaning: String, among list: [V],
    otherwise: String? = nil, nameOf: @escaping @Sendable (V) -> String
  ) -> Key {
    Key(
      name: name,
      read: { entries, root in
        guard let entry = entries.take(name) else { return }
        root[keyPath: path] = try chosen(entry, among: list, nameOf)
      },
      write: { [Mapping.Entry(name, nameOf($0[keyPath: path]).tree)] },
      describe: {
        let fallback = otherwise ?? nameOf(Root()[keyPath: path])
        return [KeyDescription(name, meaning, names: list.map(nameOf), fallback: fallback)]
      })
  }

  /// One of the cases of an enumeration of words.
  package static func choice<V: Sendable & CaseIterable & RawRepresentable<String>>(
    _ name: String, _ path: WritableKeyPath<Root, V> & Sendable, _ meaning: String, otherwise: String? = nil
  ) -> Key {
    choice(name, path, meaning, among: Array(V.allCases), otherwise: otherwise, nameOf: { $0.rawValue })
  }

  /// One of the cases of an enumeration of words, or none.
  package static func choice<V: Sendable & CaseIterable & RawRepresentable<String>>(
    _ name: String, optional path: WritableKeyPath<Root, V?> & Sendable, _ meaning: String, otherwise: String
  ) -> Key {
    let list = Array(V.allCases)
    return Key(
      name: name,
      read: { entries, root in
        guard let entry = entries.take(name) else { return }
        root[keyPath: path] = try chosen(entry, among: list) { $0.rawValue }
      },
      write: { root in root[keyPath: path].map { [Mapping.Entry(name, $0.rawValue.tree)] } ?? [] },
      describe: { [KeyDescription(name, meaning, names: list.map(\.rawValue), fallback: otherwise)] })
  }

  static func chosen<V>(_ entry: Entry, among list: [V], _ nameOf: (V) -> String) throws -> V {
    let names = list.map(nameOf), word = try String.read(entry, wanted: names.joined(separator: ", "))
    if let index = names.firstIndex(of: word) { return list[index] }
    let hint = word.utf8.count > 100 ? nil : nearest(to: word, among: names).map { "; did you mean \($0)?" }
    let strange = Misspelling.strangeLetters(of: word) + (hint ?? "")
    throw entry.error("knows no '\(oneLine(word, limit: 60))'\(strange) (allowed: \(names.joined(separator: ", ")))")
  }
}
