extension YAMLNode {
  /// Sets the value at a key path such as `training.learning_rate`, as the option `--set` does; sections that do not exist
  /// are made.
  ///
  /// The value is parsed as YAML, so `[1, 2]` is a list and `{a: 1}` a section. Errors about it, now and while the deck is
  /// decoded, name the option.
  package func set(path: String, to text: String) throws {
    func refusal(_ text: String) -> DeckError {
      DeckError(file: "", origin: .option(path), path: "", text: text)
    }
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard keys.allSatisfy({ !$0.isEmpty }) else {
      throw refusal("must name a key, or keys joined by dots, as in --set training.steps=100")
    }
    let value = try YAMLParser.parse(text, file: "", option: path)
    guard keys.count + value.depth <= YAMLLimits.depth else {
      throw refusal("is nested more than \(YAMLLimits.depth) levels deep")
    }
    // every obstacle is met before the first change
    var node: YAMLNode? = self
    for (level, _) in keys.enumerated() {
      guard let section = node else { break }
      if case .mapping = section.content {
        node = section[keys[level]]
      } else if section.isNull {
        break
      } else {
        let name = level == 0 ? "the deck" : keys[..<level].joined(separator: ".")
        throw refusal("cannot be set: \(name) is \(section.summary), not a section of keys")
      }
    }
    try put(value, at: keys[...], option: path)
  }

  private func put(_ value: YAMLNode, at keys: ArraySlice<String>, option: String) throws {
    guard let key = keys.first else { return }
    var mapping = YAMLMapping()
    if case .mapping(let existing) = content { mapping = existing } else { origin = .option(option) }
    if keys.count == 1 {
      mapping.put(YAMLMapping.Entry(key: key, origin: .option(option), value: value))
    } else if let entry = mapping[key] {
      try entry.value.put(value, at: keys.dropFirst(), option: option)
    } else {
      let section = YAMLNode(.mapping(YAMLMapping()), at: .option(option))
      try section.put(value, at: keys.dropFirst(), option: option)
      mapping.put(YAMLMapping.Entry(key: key, origin: .option(option), value: section))
    }
    content = .mapping(mapping)
  }
}
