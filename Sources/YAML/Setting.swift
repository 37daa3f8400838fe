import Parameters

extension Tree {
  /// Sets the value at a key path such as `training.learning_rate`, as the option `--set` does; sections that do not exist
  /// are made.
  ///
  /// The value is parsed as YAML, so `[1, 2]` is a list and `{a: 1}` a section. Errors about it, now and while the deck is
  /// read, are ``DeckError``s that name the option.
  package mutating func set(path: String, toYAML text: String) throws {
    let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    func refusal(_ text: String) -> DeckError { DeckError(.option(path), path: "", text) }
    guard keys.allSatisfy({ !$0.isEmpty }) else {
      throw refusal("must name a key, or keys joined by dots, as in --set training.steps=100")
    }
    let value = try YAMLParser.parse(text, file: "", option: path)
    guard keys.count + value.depth <= YAMLLimits.depth else {
      throw refusal("is nested more than \(YAMLLimits.depth) levels deep")
    }
    try set(keys, to: value, option: path)
  }
}
