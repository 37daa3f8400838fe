import Parameters

/// What `--keys` prints: every key with its meaning, what is allowed and its default.
struct KeyTable {
  private let keys: [KeyDescription]

  init(_ keys: [KeyDescription]) { self.keys = keys }

  /// The keys of a section, or a key; all keys for nil. Throws a ``UsageError`` where there is none of that name.
  func text(of section: String?) throws -> String {
    let chosen = keys.filter { key in section.map { key.path == $0 || key.path.hasPrefix($0 + ".") } ?? true }
    if let section, chosen.isEmpty {
      let hint = nearest(to: section, among: keys.map(\.path)).map { ", did you mean \($0)?" } ?? ""
      throw UsageError("decks have no section or key \(section)\(hint)")
    }
    var text = "", told: [(section: String, keys: [KeyDescription])] = [], left = chosen[...]
    while let key = left.popFirst() {
      text += lines(of: key)
      guard section == nil, !key.path.contains("."), key.allowed.isEmpty else { continue }
      // Sections with the same keys are told once.
      let within = left.prefix { $0.path.hasPrefix(key.path + ".") }, relative = within.map { $0.without(key.path) }
      if let same = told.first(where: { !relative.isEmpty && $0.keys == relative }) {
        text += "    the keys of \(same.section)\n"
        left = left.dropFirst(within.count)
      }
      told.append((key.path, relative))
    }
    return text
  }

  private func lines(of key: KeyDescription) -> String {
    let owners = key.owners.isEmpty ? "" : " (with \(key.owner): \(key.owners.joined(separator: ", ")))"
    var text = wrapped(key.path + owners, margin: "", hanging: "    ") + wrapped(key.meaning, margin: "    ")
    if !key.allowed.isEmpty {
      let fallback = key.fallback.isEmpty ? "must be given" : "default: \(key.fallback)"
      text += wrapped("\(key.names.isEmpty ? "" : "one of ")\(key.allowed); \(fallback)", margin: "    ")
    }
    return text
  }
}

extension KeyDescription {
  /// The same without the path of its section.
  fileprivate func without(_ section: String) -> KeyDescription {
    var key = self
    key.path = String(path.dropFirst(section.count + 1))
    return key
  }
}
