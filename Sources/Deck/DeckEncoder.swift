/// Writes a value as a deck's text, which decodes to an equal value.
package enum DeckEncoder {
  /// The YAML text of a value: sections as blocks with the keys in the order in which the value encodes them, lists of
  /// scalars in brackets, numbers with the fewest digits that read back as the same number; what is nil is left out.
  package static func encode<T: Encodable>(_ value: T) throws -> String {
    let box = EncodedValue()
    try box.encode(value, path: [])
    return box.document
  }
}

/// A value while it is encoded.
final class EncodedValue {
  enum Content {
    case null
    case scalar(String)
    case list([EncodedValue])
    case section([(key: String, value: EncodedValue)])
  }
  var content = Content.null

  func encode<T: Encodable>(_ value: T, path: [any CodingKey]) throws {
    if let scalar = value as? any ScalarText {
      content = .scalar(scalar.scalarText)
    } else {
      try value.encode(to: ValueEncoder(box: self, codingPath: path))
    }
  }

  /// The value of a key, new or emptied.
  func child(_ key: String) -> EncodedValue {
    let child = EncodedValue()
    var entries: [(key: String, value: EncodedValue)] = []
    if case .section(let existing) = content { entries = existing }
    if let place = entries.firstIndex(where: { $0.key == key }) {
      entries[place].value = child
    } else {
      entries.append((key, child))
    }
    content = .section(entries)
    return child
  }

  /// A new last item.
  func item() -> EncodedValue {
    let item = EncodedValue()
    var items: [EncodedValue] = []
    if case .list(let existing) = content { items = existing }
    content = .null  // so that the list has one owner, and grows in place
    items.append(item)
    content = .list(items)
    return item
  }

  var count: Int {
    if case .list(let items) = content { return items.count }
    return 0
  }
}

private struct ValueEncoder: Encoder {
  let box: EncodedValue
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .section = box.content {} else { box.content = .section([]) }
    return KeyedEncodingContainer(KeyedValue(box: box, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .list = box.content {} else { box.content = .list([]) }
    return ListValue(box: box, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleValue(box: box, codingPath: codingPath) }
}

private struct KeyedValue<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let box: EncodedValue
  let codingPath: [any CodingKey]

  private func child(_ key: any CodingKey) -> ValueEncoder {
    ValueEncoder(box: box.child(key.stringValue), codingPath: codingPath + [key])
  }

  func encodeNil(forKey key: Key) throws {}
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    try box.child(key.stringValue).encode(value, path: codingPath + [key])
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    child(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { child(SuperKey()) }
  func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}

private struct ListValue: UnkeyedEncodingContainer {
  let box: EncodedValue
  let codingPath: [any CodingKey]
  var count: Int { box.count }

  private func next() -> ValueEncoder {
    let path = codingPath + [ItemKey(count)]
    return ValueEncoder(box: box.item(), codingPath: path)
  }

  func encodeNil() throws { _ = box.item() }
  func encode<T: Encodable>(_ value: T) throws {
    let encoder = next()
    try encoder.box.encode(value, path: encoder.codingPath)
  }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    next().container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
  func superEncoder() -> any Encoder { next() }
}

private struct SingleValue: SingleValueEncodingContainer {
  let box: EncodedValue
  let codingPath: [any CodingKey]
  func encodeNil() throws { box.content = .null }
  func encode<T: Encodable>(_ value: T) throws { try box.encode(value, path: codingPath) }
}
