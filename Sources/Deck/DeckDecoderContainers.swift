/// The key of a list's item.
struct ItemKey: CodingKey {
  let index: Int
  var stringValue: String { "[\(index)]" }
  var intValue: Int? { index }
  init(_ index: Int) { self.index = index }
  init?(intValue: Int) { index = intValue }
  init?(stringValue: String) { return nil }
}

/// The key under which a class finds its superclass's values.
struct SuperKey: CodingKey {
  let stringValue = "super"
  var intValue: Int? { nil }
  init() {}
  init?(intValue: Int) { return nil }
  init?(stringValue: String) { return nil }
}

/// A decoder of one node.
struct NodeDecoder: Decoder {
  let node: YAMLNode
  let codingPath: [any CodingKey]
  let questions: Questions
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ node: YAMLNode, path: [any CodingKey], _ questions: Questions) {
    self.node = node
    codingPath = path
    self.questions = questions
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .mapping(let mapping) = node.content else {
      throw mismatch([String: Any].self, wanted: "a section of keys")
    }
    questions.opened(node, path: codingPath, keys: type)
    return KeyedDecodingContainer(KeyedNode(decoder: self, mapping: mapping))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .sequence(let items) = node.content else { throw mismatch([Any].self, wanted: "a list") }
    return ListNode(decoder: self, items: items)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { ScalarNode(decoder: self) }
}

/// The keys of a section.
private struct KeyedNode<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: NodeDecoder
  let mapping: YAMLMapping
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { mapping.entries.compactMap { Key(stringValue: $0.key) } }

  private func find(_ key: any CodingKey) -> NodeDecoder? {
    decoder.questions.asked(key.stringValue, of: decoder.node)
    return mapping[key.stringValue].map { NodeDecoder($0.value, path: codingPath + [key], decoder.questions) }
  }

  private func get(_ key: any CodingKey) throws -> NodeDecoder {
    if let found = find(key) { return found }
    throw DecodingError.keyNotFound(
      key, DecodingError.Context(codingPath: codingPath, debugDescription: "\(key.stringValue) is missing"))
  }

  func contains(_ key: Key) -> Bool { find(key) != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try get(key).node.isNull }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try get(key).value(type) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try get(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try get(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try get(SuperKey()) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try get(key) }
}

/// The items of a list.
private struct ListNode: UnkeyedDecodingContainer {
  let decoder: NodeDecoder
  let items: [YAMLNode]
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { items.count }
  var isAtEnd: Bool { currentIndex >= items.count }

  init(decoder: NodeDecoder, items: [YAMLNode]) {
    self.decoder = decoder
    self.items = items
  }

  /// Reads the current item; the place moves on only if that succeeds.
  private mutating func item<T>(_ read: (NodeDecoder) throws -> T) throws -> T {
    let path = codingPath + [ItemKey(currentIndex)]
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        T.self,
        DecodingError.Context(
          codingPath: codingPath, debugDescription: "has only \(items.count) items; more are needed"))
    }
    let value = try read(NodeDecoder(items[currentIndex], path: path, decoder.questions))
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, items[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try item { try $0.value(type) } }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try item { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try item { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try item { $0 } }
}

/// A node as one value.
private struct ScalarNode: SingleValueDecodingContainer {
  let decoder: NodeDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  func decodeNil() -> Bool { decoder.node.isNull }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.value(type) }
}
