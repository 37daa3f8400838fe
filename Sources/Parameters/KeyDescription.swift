/// What `--keys` says of a key.
package struct KeyDescription: Sendable, Equatable {
  /// The key's path.
  package var path: String
  package let meaning: String
  /// What its value may be; empty for a section.
  package let allowed: String
  /// The words among which it chooses; empty where it takes other values.
  package let names: [String]
  /// The default in words; empty where the deck must give the value, and for a section.
  package let fallback: String
  /// The key whose choice of one of ``owners`` this is a parameter of.
  package internal(set) var owner = ""
  package internal(set) var owners: [String] = []

  init(_ path: String, _ meaning: String, allowed: String = "", names: [String] = [], fallback: String = "") {
    self.path = path
    self.meaning = meaning
    self.allowed = names.isEmpty ? allowed : names.joined(separator: ", ")
    self.names = names
    self.fallback = fallback
  }

  /// Whether it says the same of the same key, whosever parameter it is.
  func isSame(as other: KeyDescription) -> Bool {
    path == other.path && meaning == other.meaning && allowed == other.allowed && fallback == other.fallback
  }
}

extension Section {
  /// What `--keys` says of its keys and those of sections within it, in the order of their declaration.
  package static func description(in section: String = "") -> [KeyDescription] {
    keys.flatMap { $0.describe() }.map { key in
      var key = key
      if !section.isEmpty { key.path = section + "." + key.path }
      return key
    }
  }
}
