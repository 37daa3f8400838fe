import Parameters

/// Decodes a deck's tree into a value, with errors that name file, line, column and key path.
package enum DeckDecoder {
  /// Decodes the tree of a deck. Every key of a section that was decoded must have been asked for by someone; another one
  /// is an error that suggests the nearest known key.
  ///
  /// Errors of the values' own `init(from:)` become ``DeckError``s at the place of the value that they are about.
  package static func decode<T: Decodable>(_ type: T.Type, from node: YAMLNode, file: String) throws -> T {
    let questions = Questions()
    do {
      let value = try NodeDecoder(node, path: [], questions).value(type)
      if let unknown = questions.firstUnknown() { throw unknown.error(file: file) }
      return value
    } catch let error as DecodingError {
      throw deckError(error, root: node, file: file, questions)
    }
  }

  private static func deckError(
    _ error: DecodingError, root: YAMLNode, file: String, _ questions: Questions
  ) -> DeckError {
    switch error {
    case .keyNotFound(let key, let context):
      let place = Place(context.codingPath, in: root)
      if let typo = questions.typo(of: key.stringValue, in: place.node) { return typo.error(file: file) }
      let missing = Place(context.codingPath + [key], in: root)
      return DeckError(file: file, origin: place.origin, path: missing.name, text: "is missing; the deck must give it")
    case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
      let place = Place(context.codingPath, in: root)
      return DeckError(file: file, origin: place.origin, path: place.name, text: context.debugDescription)
    @unknown default:
      return DeckError(file: file, origin: root.origin, path: "", text: "\(error)")
    }
  }
}

/// Where a coding path leads: the deepest node on it that exists, and the path's name, as `data.files[2].name`.
private struct Place {
  private(set) var node: YAMLNode
  private(set) var origin: YAMLOrigin
  private(set) var name = ""

  init(_ path: [any CodingKey], in root: YAMLNode) {
    node = root
    origin = root.origin
    var exists = true
    for key in path {
      var next: YAMLNode?
      var isItem = key.intValue != nil
      switch node.content {
      case .mapping where exists:
        next = node[key.stringValue]
        isItem = false
      case .sequence(let items) where exists:
        if let index = key.intValue, items.indices.contains(index) { next = items[index] }
      default: break
      }
      if isItem, let index = key.intValue {
        name += "[\(index)]"
      } else {
        name += (name.isEmpty ? "" : ".") + key.stringValue
      }
      exists = exists && next != nil
      if let next {
        node = next
        origin = next.origin
      }
    }
  }
}

/// The keys that were asked for, for each section that was decoded, over all its containers.
final class Questions {
  private final class Section {
    let node: YAMLNode
    let path: [any CodingKey]
    var asked: [String] = []
    var askedSet: Set<String> = []
    var declares: [(String) -> Bool] = []

    init(_ node: YAMLNode, _ path: [any CodingKey]) {
      self.node = node
      self.path = path
    }
  }

  /// A key that the section does not know.
  struct Unknown {
    let origin: YAMLOrigin
    let path: String
    let hint: String

    func error(file: String) -> DeckError {
      DeckError(file: file, origin: origin, path: path, text: "is not a known key" + hint)
    }
  }

  private var sections: [ObjectIdentifier: Section] = [:]
  private var order: [Section] = []

  /// A container with keys of a type was opened on a section.
  func opened<Key: CodingKey>(_ node: YAMLNode, path: [any CodingKey], keys: Key.Type) {
    let section: Section
    if let known = sections[ObjectIdentifier(node)] {
      section = known
    } else {
      section = Section(node, path)
      sections[ObjectIdentifier(node)] = section
      order.append(section)
    }
    // key types that take any word declare none
    if Key(stringValue: "\u{1}") == nil { section.declares.append { Key(stringValue: $0) != nil } }
  }

  /// A key of an opened section was asked for.
  func asked(_ key: String, of node: YAMLNode) {
    guard let section = sections[ObjectIdentifier(node)], section.askedSet.insert(key).inserted else { return }
    section.asked.append(key)
  }

  /// The first key, in the order of the text, that nobody asked for.
  func firstUnknown() -> Unknown? {
    var found: (entry: YAMLMapping.Entry, section: Section)?
    for section in order {
      guard case .mapping(let mapping) = section.node.content else { continue }
      guard let entry = mapping.entries.first(where: { !section.askedSet.contains($0.key) }) else { continue }
      if let other = found, !precedes(entry.origin, other.entry.origin) { continue }
      found = (entry, section)
    }
    guard let (entry, section) = found else { return nil }
    var hint = ""
    if let near = suggestion(for: entry.key, among: section.asked) { hint = "; did you mean \(near)?" }
    if section.asked.isEmpty {
      hint += " (this section has no keys)"
    } else {
      hint += " (known: \(section.asked.joined(separator: ", ")))"
    }
    return Unknown(origin: entry.origin, path: name(of: entry.key, in: section), hint: hint)
  }

  /// A key of a section that most likely means one that is missing there.
  func typo(of missing: String, in node: YAMLNode) -> Unknown? {
    guard let section = sections[ObjectIdentifier(node)], case .mapping(let mapping) = node.content else { return nil }
    let strangers = mapping.entries.filter { entry in
      !section.askedSet.contains(entry.key) && !section.declares.contains { $0(entry.key) }
        && suggestion(for: entry.key, among: [missing]) != nil
    }
    guard let near = nearest(to: missing, among: strangers.map(\.key)), let entry = mapping[near] else { return nil }
    return Unknown(origin: entry.origin, path: name(of: near, in: section), hint: "; did you mean \(missing)?")
  }

  /// Long words are no typing errors, and comparing them takes long.
  private func suggestion(for key: String, among known: [String]) -> String? {
    key.utf8.count > 100 ? nil : nearest(to: key, among: known)
  }

  private func name(of key: String, in section: Section) -> String {
    var name = ""
    for part in section.path {
      if part is ItemKey { name += part.stringValue } else { name += (name.isEmpty ? "" : ".") + part.stringValue }
    }
    return name + (name.isEmpty ? "" : ".") + key
  }

  private func precedes(_ first: YAMLOrigin, _ second: YAMLOrigin) -> Bool {
    switch (first, second) {
    case (.position(let a, let b), .position(let c, let d)): return (a, b) < (c, d)
    case (.position, .option): return true
    default: return false
    }
  }
}
