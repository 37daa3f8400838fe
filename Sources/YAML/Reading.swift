import CYAML
import Parameters

/// The limits of a deck's text: far above what a deck needs, low enough that no text exhausts memory or stack.
enum YAMLLimits {
  /// Levels of lists and sections.
  static let depth = 64
  /// Bytes of the text.
  static let bytes = 16 << 20
  /// Scalars, lists and sections altogether.
  static let values = 1_000_000
}

extension Tree {
  /// Parses a deck: one document whose root is a section; an empty document is an empty section.
  ///
  /// Refuses with a ``DeckError`` what a deck has no use for: anchors and aliases, tags, directives, several documents, keys
  /// that are lists or sections, keys that occur twice, more than 64 levels, more than 16 MB.
  package init(yaml text: String, file: String) throws {
    let root = try YAMLParser.parse(text, file: file, option: nil)
    switch root.content {
    case .mapping: self = root
    case .scalar where root.isNull: self = Tree(.mapping(Mapping()), at: root.origin)
    default:
      throw DeckError(root.origin, path: "", "must be a section of keys (key: value), not \(root.summary)")
    }
  }
}

/// Builds the tree of one document from libyaml's events.
final class YAMLParser {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeBufferPointer<UInt8>
  private let file: String
  private let option: String?
  private var path: [String] = []
  private var values = 0

  /// Parses one document; its root may be of any kind, and is null where there is no document.
  static func parse(_ text: String, file: String, option: String?) throws -> Tree {
    guard text.utf8.count <= YAMLLimits.bytes else {
      throw DeckError(
        option.map(Origin.option) ?? .position(file: file, line: 1, column: 1), path: "",
        "the text has \(text.utf8.count) bytes; at most \(YAMLLimits.bytes) are allowed")
    }
    // libyaml counts a byte order mark as a column, which would put the first key deeper than those below it.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = Array(text.utf8)
    return try text.withUnsafeBufferPointer { bytes in
      let content = UnsafeBufferPointer(rebasing: bytes[(text.starts(with: mark) ? mark.count : 0)...])
      return try YAMLParser(content, file: file, option: option).document()
    }
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, file: String, option: String?) {
    self.bytes = bytes
    self.file = file
    self.option = option
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  private func document() throws -> Tree {
    try refuseDirectives()
    _ = try next()
    let first = try next()
    guard case .documentStart = first.kind else {
      return Tree(.scalar("", isPlain: true), at: origin(line: 1, column: 1))
    }
    let root = try node(next(), depth: 1)
    _ = try next()
    let last = try next()
    guard case .streamEnd = last.kind else {
      throw error(last.origin, "begins a second document; a deck is one document")
    }
    return root
  }

  /// Refuses lines that begin with %: libyaml takes time that grows with the square of their number. A line ends where it
  /// ends for libyaml: at a line feed, a carriage return, U+0085, U+2028 and U+2029.
  private func refuseDirectives() throws {
    var line = 1
    var begins = true
    for place in bytes.indices {
      let byte = bytes[place]
      if begins, byte == 0x25 {
        throw error(origin(line: line, column: 1), "is a directive (%name), which a deck cannot have; remove it")
      }
      switch byte {
      case 0x0A, 0x0D: begins = true
      case 0x85: begins = place >= 1 && bytes[place - 1] == 0xC2
      case 0xA8, 0xA9: begins = place >= 2 && bytes[place - 1] == 0x80 && bytes[place - 2] == 0xE2
      default: begins = false
      }
      let isPair = byte == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A
      if begins, !isPair { line += 1 }
    }
  }

  private func node(_ event: Event, depth: Int) throws -> Tree {
    guard depth <= YAMLLimits.depth else {
      throw error(event.origin, "is nested more than \(YAMLLimits.depth) levels deep")
    }
    values += 1
    guard values <= YAMLLimits.values else {
      throw error(event.origin, "the text holds more than \(YAMLLimits.values) values")
    }
    switch event.kind {
    case .scalar(let text, let isPlain): return Tree(.scalar(text, isPlain: isPlain), at: event.origin)
    case .sequenceStart: return Tree(.list(try items(depth: depth)), at: event.origin)
    case .mappingStart: return Tree(.mapping(try mapping(depth: depth)), at: event.origin)
    default: throw error(event.origin, "is no value")
    }
  }

  private func items(depth: Int) throws -> [Tree] {
    var items: [Tree] = []
    while true {
      path.append("[\(items.count)]")
      let event = try next()
      if case .sequenceEnd = event.kind {
        path.removeLast()
        return items
      }
      items.append(try node(event, depth: depth + 1))
      path.removeLast()
    }
  }

  private func mapping(depth: Int) throws -> Mapping {
    var mapping = Mapping()
    while true {
      let event = try next()
      if case .mappingEnd = event.kind { return mapping }
      guard case .scalar(let key, let isPlain) = event.kind else {
        throw error(event.origin, "a key must be a word, not a list or a section")
      }
      path.append(key)
      if let other = mapping[key] {
        var text = "occurs twice in its section"
        if case .position(_, let line, _) = other.origin, option == nil { text += ", first in line \(line)" }
        throw error(event.origin, text + "; remove one")
      }
      let value = try node(next(), depth: depth + 1)
      path.removeLast()
      if isPlain { try refuse(key, at: event.origin, value, after: mapping.entries.last) }
      mapping.put(Mapping.Entry(key, at: event.origin, value))
    }
  }

  /// Refuses a key, and the value before it, that YAML takes in another way than its writer.
  private func refuse(_ key: String, at place: Origin, _ value: Tree, after last: Mapping.Entry?) throws {
    if let text = mistake(inKey: key, isAlone: value.isNull) { throw error(place, text) }
    guard value.isNull, let last, let text = decimalComma(between: last.value, andKey: key) else { return }
    path.append(last.key)
    throw error(last.value.origin, text)
  }

  // MARK: Events

  private struct Event {
    enum Kind {
      case documentStart, streamEnd, sequenceStart, sequenceEnd, mappingStart, mappingEnd, other
      case scalar(String, isPlain: Bool)
    }
    let kind: Kind
    let origin: Origin
  }

  private func next() throws -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
    defer { yaml_event_delete(&event) }
    let place = origin(line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    let kind: Event.Kind
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    case YAML_ALIAS_EVENT: throw error(place, "is an alias (*name), which a deck cannot have; write the value itself")
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, at: place)
      kind = .sequenceStart
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, at: place)
      kind = .mappingStart
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuse(anchor: scalar.anchor, tag: scalar.tag, at: place)
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      let isOnOneLine = event.start_mark.line == event.end_mark.line
      if isPlain, let mistake = mistake(inPlain: text, isOnOneLine: isOnOneLine) { throw error(place, mistake) }
      kind = .scalar(text, isPlain: isPlain)
    default: kind = .other
    }
    return Event(kind: kind, origin: place)
  }

  private func refuse(
    anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, at place: Origin
  ) throws {
    if anchor != nil { throw error(place, "has an anchor (&name), which a deck cannot have; remove it") }
    if tag != nil { throw error(place, "has a tag (!name), which a deck cannot have; remove it") }
  }

  // MARK: Errors

  private func origin(line: Int, column: Int) -> Origin {
    option.map(Origin.option) ?? .position(file: file, line: line, column: column)
  }

  private func error(_ origin: Origin, _ text: String) -> DeckError {
    var names = option ?? ""
    for part in path { names += part.hasPrefix("[") || names.isEmpty ? part : "." + part }
    return DeckError(origin, path: names, text)
  }

  /// The error of the last call of libyaml, without a path: what the text means is not known.
  private func syntaxError() -> DeckError {
    let state = parser.pointee
    var line = Int(state.problem_mark.line) + 1, column = Int(state.problem_mark.column) + 1
    if state.error == YAML_READER_ERROR {
      let before = bytes.prefix(Int(state.problem_offset))
      line = 1 + before.lazy.filter { $0 == 10 }.count
      column = 1 + before.reversed().prefix { $0 != 10 }.lazy.filter { $0 & 0xC0 != 0x80 }.count
    }
    let problem = state.problem.map { String(cString: $0) } ?? "out of memory"
    if state.error != YAML_READER_ERROR, state.error != YAML_MEMORY_ERROR {
      let marks = state.context == nil ? [state.problem_mark] : [state.context_mark, state.problem_mark]
      let lines = marks.map { Int($0.line) }
      if let hint = SyntaxHint(problem, in: bytes, lines: lines) {
        return DeckError(
          origin(line: hint.line, column: hint.column), path: "", "is no valid YAML: " + hint.text)
      }
      let context = state.context.map { String(cString: $0) } ?? ""
      let letter = SyntaxHint.letter(of: bytes, line: Int(state.problem_mark.line), column: column)
      if let words = SyntaxHint.inWords(problem, context: context, first: (lines.first ?? 0) + 1, at: letter) {
        return DeckError(origin(line: line, column: column), path: "", "is no valid YAML: " + words)
      }
    }
    let context = state.context.map { " " + String(cString: $0) } ?? ""
    return DeckError(origin(line: line, column: column), path: "", "is no valid YAML: \(problem)\(context)")
  }
}
