/// The keys in which two resolved decks differ.
enum DeckDifference {
  /// What may change from start to restart: a key, or a section with all its keys.
  private static let free = ["transport.steps", "stop", "output", "checkpoint"]

  /// The paths of the keys that differ and may not, in the order of the decks.
  static func keys(_ old: String, _ new: String) -> [String] {
    let old = entries(old), new = entries(new)
    let before = Dictionary(old, uniquingKeysWith: { $0 + "\n" + $1 })
    let after = Dictionary(new, uniquingKeysWith: { $0 + "\n" + $1 })
    var seen: Set<String> = []
    return (new + old).map(\.0).filter { path in
      before[path] != after[path] && seen.insert(path).inserted
        && !free.contains { path == $0 || path.hasPrefix($0 + ".") }
    }
  }

  /// The lines of a deck as paths and values; the items of a list are numbered from 0.
  private static func entries(_ text: String) -> [(String, String)] {
    var open: [(indent: Int, key: String)] = [], items: [String: Int] = [:], found: [(String, String)] = []
    for line in text.split(separator: "\n") {
      var indent = line.prefix { $0 == " " }.count, rest = line.dropFirst(indent)
      open.removeAll { $0.indent >= indent }
      while rest.hasPrefix("- ") {
        let list = open.map(\.key).joined(separator: ".")
        open.append((indent, "\(items[list, default: 0])"))
        items[list, default: 0] += 1
        indent += 2
        rest = rest.dropFirst(2)
      }
      if let colon = rest.firstIndex(of: ":"), !rest.hasPrefix("\""), !rest.hasPrefix("'"), !rest.hasPrefix("{") {
        open.append((indent, String(rest[..<colon])))
        rest = rest[rest.index(after: colon)...]
      }
      found.append((open.map(\.key).joined(separator: "."), rest.drop { $0 == " " }.description))
    }
    return found
  }
}
