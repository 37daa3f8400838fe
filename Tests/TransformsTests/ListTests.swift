import Parameters
import Testing
import Transforms
import YAML

/// The list of transforms in a deck.
@Suite struct ListTests {
  private func tree(_ text: String, _ keys: [Key<Listed>] = Listed.keys) throws -> Tree {
    let written = try Listed.read(Tree(yaml: text, file: "d.yaml"), keys: keys).tree(keys: keys)
    let stored = try Tree(yaml: written.yaml, file: "stored")
    #expect(written.differences(from: try Listed.read(stored, keys: keys).tree(keys: keys)).isEmpty)
    return stored
  }

  @Test func itemsComeBack() throws {
    let text =
      "transform:\n  - log2_cpm: {of: source}\n  - log1p\n  - standardize\n  - pca: {components: 7}\n  - scale: 0.1\n"
    let stored = try tree(text)
    let list = try Listed.read(stored).transforms
    #expect(list.map { type(of: $0).name } == ["log2_cpm", "log1p", "standardize", "pca", "scale"])
    for part in ["of: source", "of: both", "- standardize\n", "components: 7", "whiten: false", "- scale: 0.1\n"] {
      #expect(stored.yaml.contains(part), "\(part)")
    }
    #expect(try tree("{}\n").yaml.contains("transform") == false)
    #expect(try tree("transform: [scale: {factor: 0.1}]\n").yaml == tree("transform: [scale: 0.1]\n").yaml)
  }

  @Test func aDifferenceIsFound() throws {
    let usual = try tree("transform: [log1p, pca: {components: 7}]\n")
    #expect(try !usual.differences(from: tree("transform: [log1p, pca: {components: 8}]\n")).isEmpty)
    #expect(try !usual.differences(from: tree("transform: [pca: {components: 7}, log1p]\n")).isEmpty)
    #expect(try !usual.differences(from: tree("{}\n")).isEmpty)
  }

  @Test func whatIsWrongIsNamed() {
    for (text, words) in [
      ("[log3]", "transform[0]: knows no 'log3'"), ("[pac: {components: 2}]", "did you mean pca?"),
      ("[log1p, scale: 0]", "transform[1].scale.factor: must be a finite number that is not 0"),
      ("[scale]", "transform[0].scale.factor: is missing"),
      ("[pca: {component: 3}]", "transform[0].pca.component: is not a known key; did you mean components?"),
      ("[pca: 50]", "transform[0].pca: must be a section of keys"),
      ("[pca: {components: 0}]", "transform[0].pca.components: must be a whole number above 0"),
      ("[{log1p: , of: target}]", "transform[0]: must be one word with its own keys in a section"),
      ("[log1p: {of: sources}]", "did you mean source?"), ("log1p", "transform: must be a list of log2_cpm, log1p"),
      ("{pca: {components: 2}}", "transform: must be a list of"), ("[[log1p]]", "transform[0]: must be log2_cpm"),
    ] {
      let found = message { try Listed.read(text) }
      #expect(found.contains(words) && found.hasPrefix("d.yaml:1:"), "\(text): \(found)")
    }
  }

  @Test func aMadeUpOneWithAParameter() throws {
    let keys: [Key<Listed>] = [.transforms("transform", \.transforms, among: transforms + [Shifted.self])]
    #expect(try tree("transform: [shifted]\n", keys).yaml.contains("by: 0.5"))
    let other = try tree("transform: [log1p, shifted: {by: 2}]\n", keys)
    #expect(other.yaml.contains("by: 2.0"))
    #expect(try other.differences(from: tree("transform: [log1p, shifted]\n", keys)) == ["transform[1].shifted.by"])
    #expect(throws: DeckError.self) { try tree("transform: [shifted: {by: -1}]\n", keys) }
    #expect(throws: DeckError.self) { try tree("transform: [shifted: {by: x}]\n", keys) }
  }
}

private struct Shifted: Transform {
  static let name = "shifted"
  var by = 0.5
  static let keys: [Key<Shifted>] = [.value("by", \.by, "a shift", allowed: "a number above 0") { $0 > 0 }]
  func fit(to rows: TransformedRows) throws -> any FittedTransform { Scale() }
  func restored(from arrays: StoredArrays, columns: Int) throws -> any FittedTransform { Scale() }
}
