import Glibc
import Parameters
import YAML

extension Deck {
  /// Reads a deck from its text. `overrides` are the `key.path=value` of `--set`, applied in order.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - file: the deck's path, for messages and for the default name; the built-in deck's is its name.
  /// Throws a ``DeckError``.
  package static func read(_ text: String, file: String, overrides: [(path: String, value: String)] = []) throws -> Deck
  {
    var tree = try Tree(yaml: text, file: file)
    for override in overrides { try tree.set(path: override.path, toYAML: override.value) }
    var deck = try read(tree)
    if deck.name.isEmpty { deck.name = name(ofFile: file) }
    if deck.output.directory.isEmpty { deck.output.directory = "runs/" + deck.name }
    return deck
  }

  /// The deck as YAML, every default filled in.
  package var text: String { tree().yaml }

  private static func name(ofFile file: String) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    for ending in [".yaml", ".yml"] where last.hasSuffix(ending) && last.count > ending.count {
      let name = String(last.dropLast(ending.count))
      return isFileName(name) ? name : last
    }
    return last
  }
}
