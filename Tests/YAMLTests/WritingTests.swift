import Parameters
import Testing
import YAML

@Suite struct WritingTests {
  private func tree(_ entries: [(String, Tree)]) -> Tree {
    var mapping = Mapping()
    for (key, value) in entries { mapping.put(Mapping.Entry(key, value)) }
    return Tree(.mapping(mapping))
  }

  /// The text of a tree, which has to come back from it.
  private func roundTrip(_ entries: [(String, Tree)]) throws -> String {
    let tree = tree(entries), text = tree.yaml, again = try Tree(yaml: text, file: "d.yaml")
    #expect(tree.differences(from: again).isEmpty, "\(text)")
    #expect(again.yaml == text)
    return text
  }

  @Test func blocks() throws {
    let text = try roundTrip([
      ("training", tree([("steps", 100.tree), ("learning_rate", 1e-5.tree), ("note", "0:55:00".tree)])),
      ("mode", "fast".tree), ("on", true.tree), ("width", Double.greatestFiniteMagnitude.tree), ("empty", tree([])),
    ])
    #expect(
      text == """
        training:
          steps: 100
          learning_rate: 1e-05
          note: 0:55:00
        mode: fast
        on: true
        width: 1.7976931348623157e+308
        empty: {}

        """)
  }

  @Test func lists() throws {
    let layer = tree([("size", 1.tree), ("scale", 0.1.tree)])
    #expect(
      try roundTrip([
        ("flat", [1, 2].tree), ("nested", [[1, 2.5], []].tree), ("empty", [String]().tree),
        ("words", ["a", "b, c", "[d]"].tree), ("sections", Tree(.list([layer, tree([("size", 2.tree)])]))),
        ("deep", Tree(.list([Tree(.list([layer])), Tree(.list([]))]))),
      ]) == """
        flat: [1, 2]
        nested: [[1.0, 2.5], []]
        empty: []
        words: [a, "b, c", "[d]"]
        sections:
          - size: 1
            scale: 0.1
          - size: 2
        deep:
          - - size: 1
              scale: 0.1
          - []

        """)
  }

  @Test func numbers() throws {
    var state: UInt64 = 88_172_645_463_325_252
    let random = (0..<20_000).map { _ -> Double in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let value = Double(bitPattern: state)
      return value.isNaN ? 0 : value
    }
    let special: [Double] = [
      0, -0.0, 0.1, 1.0 / 3, .leastNonzeroMagnitude, 1e16, 1e22, -.infinity, .infinity, .pi, 123456789012345680,
      .greatestFiniteMagnitude, .leastNormalMagnitude,
    ]
    let text = try roundTrip([("d", (special + random).tree), ("i", [Int.min, .max, 0].tree)])
    #expect(text.contains(".inf") && text.contains("-.inf") && text.contains("-0.0"))
    let found = try Numbers.read(Tree(yaml: text, file: "d.yaml"))
    #expect(found.doubles.map(\.bitPattern) == (special + random).map(\.bitPattern))
    #expect(found.integers == [.min, .max, 0])
    #expect(tree([("n", Double.nan.tree)]).yaml == "n: .nan\n")
  }

  private struct Numbers: Section {
    var doubles: [Double] = []
    var integers: [Int] = []
    static let keys: [Key<Numbers>] = [.value("d", \.doubles, ""), .value("i", \.integers, "")]
  }

  @Test func texts() throws {
    let quoted = [
      "", "1", "1e3", "true", "null", "~", ".inf", "0x1F", " a", "a ", "a: b", "a:", "- a", "-", "---", "...", "#a",
      "a #b", "[", "a,b", "{x}", "*a", "&a", "!a", "'a'", "\"", "%a", "@a", "`a", "a\nb", "\t", "\u{0}", "\u{7F}",
      "\u{85}", "\u{2028}", "\u{FEFF}x", "\u{A0}", "? a", "|", ">", "a:?b",
    ]
    for text in quoted {
      let written = try roundTrip([(text, [text].tree)])
      #expect(written.hasPrefix("\""), "\(written)")
    }
    let plain = ["a", "a b", "a/b.h5", "0:55:00", "a:b", "a#b", "it's", "é", "日本", "😀", "1.2.3", "yes", "x\\y"]
    for text in plain {
      #expect(try roundTrip([("k", text.tree)]) == "k: \(text)\n")
      _ = try roundTrip([(text, [text].tree)])
    }
  }
}
