import Parameters
import Testing
import YAML

/// The message with which a body throws.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing thrown"
  } catch let error as DeckError {
    return error.description
  } catch {
    return "another error: \(error)"
  }
}

@Suite struct ReadingTests {
  private func refusal(_ text: String) -> String { message { _ = try Tree(yaml: text, file: "d.yaml") } }

  @Test func positionsCountFromOne() throws {
    let root = try Tree(yaml: "# comment\na:\n  b: [1, x]\n'c d': |\n  text\n", file: "d.yaml")
    #expect(root["a"]?["b"]?.origin == .position(file: "d.yaml", line: 3, column: 6))
    guard case .list(let items)? = root["a"]?["b"]?.content else { throw DeckMissing() }
    #expect(items.map(\.origin) == [7, 10].map { .position(file: "d.yaml", line: 3, column: $0) })
    #expect(root["c d"]?.origin == .position(file: "d.yaml", line: 4, column: 8))
    guard case .scalar(let text, let isPlain)? = root["c d"]?.content else { throw DeckMissing() }
    #expect(text == "text\n" && !isPlain)
  }

  /// What people write in the place of YAML, and what they are told to write.
  @Test(arguments: [
    ("a:\n\tb: 1\n", "d.yaml:2:1: is no valid YAML: a tab indents the line"),
    ("b: 1\na:\u{A0}1\n", "a no-break space (U+00A0)"),
    ("seed:1\nsteps:2\n", "a blank is missing behind the colon: write seed: 1"),
    ("a: {b: 0,1}\n", "has a comma in a number: write 0.1, with a point"),
    ("a: \u{201C}x\u{201D}\n", "typographic quote"),
    ("a: [1, 2\n", "the bracket that is opened in line 1 is not closed"),
    ("a: 'x\n", "the quote that is opened in line 1 is not closed"),
    ("a: b: c\n", "there is a second colon in one value"),
  ])
  func misspelledDecks(text: String, says: String) { #expect(refusal(text).contains(says), "\(refusal(text))") }

  @Test func emptyDocumentIsAnEmptySection() throws {
    for text in ["", "\n# only a comment\n", "---\n", "~", "{}", "\u{FEFF}"] {
      guard case .mapping(let mapping) = try Tree(yaml: text, file: "d.yaml").content else { throw DeckMissing() }
      #expect(mapping.entries.isEmpty)
    }
  }

  @Test func byteOrderMarkIsNoPartOfTheText() throws {
    let root = try Tree(yaml: "\u{FEFF}a: 1\nb: {c: 2}\n", file: "d.yaml")
    #expect(root["a"]?.origin == .position(file: "d.yaml", line: 1, column: 4))
    #expect(root["b"]?["c"]?.origin == .position(file: "d.yaml", line: 2, column: 8))
    #expect(refusal("\u{FEFF}\u{FEFF}a: 1\nb: 2").hasPrefix("d.yaml:"))
  }

  @Test func refusals() {
    #expect(refusal("a: &x 1\nb: *x").hasPrefix("d.yaml:1:4: a: has an anchor"))
    #expect(refusal("b: *x").hasPrefix("d.yaml:1:4: b: is an alias"))
    #expect(
      refusal("s:\n  a: 1\n  b: 2\n  a: 3").hasPrefix("d.yaml:4:3: s.a: occurs twice in its section, first in line 2"))
    #expect(refusal("a: 1\n---\nb: 2").hasPrefix("d.yaml:2:1: begins a second document"))
    #expect(refusal("a: 1\n? [x]\n: 2").hasPrefix("d.yaml:2:3: a key must be a word"))
    #expect(refusal("s: {l: [0, !!int 1]}").hasPrefix("d.yaml:1:12: s.l[1]: has a tag"))
    #expect(refusal("# c\n%YAML 1.2\n---\na: 1").hasPrefix("d.yaml:2:1: is a directive"))
    for lineBreak in ["\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"] {
      let text = "# c" + lineBreak + "%TAG !a! b" + lineBreak + "---"
      #expect(refusal(text).hasPrefix("d.yaml:2:1: is a directive"), "\(text.debugDescription)")
    }
    let long = String(repeating: "k", count: 100_000)
    #expect(refusal("? \"x\\n\(long)\"\n: *a").hasPrefix("d.yaml:2:3: x\\nkkk"))
    #expect(refusal("? \"x\\n\(long)\"\n: *a").utf8.count < 500)
    #expect(refusal("- 1").hasPrefix("d.yaml:1:1: must be a section of keys (key: value), not the list [1]"))
    #expect(refusal("word").contains("not 'word'"))
    #expect(refusal("a: [1").contains("is no valid YAML"))
    #expect(refusal("a: 1\nb: x\u{1}y").hasPrefix("d.yaml:2:5: is no valid YAML: control characters"))
    #expect(refusal("a: " + String(repeating: "[", count: 100_000)).contains("nested more than 64 levels"))
    #expect(refusal("a: " + String(repeating: "x", count: 17 << 20)).contains("at most 16777216"))
    #expect(refusal("a: [" + String(repeating: "1,", count: 1_000_001)).contains("more than 1000000 values"))
  }

  @Test func sixtyFourLevelsAreAllowed() {
    let text = "a: " + String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
    #expect(refusal(text) == "nothing thrown")
  }

  @Test func mutatedDecksParseOrThrow() throws {
    let deck = """
      seed: 7  # a comment
      data: {file: "a b.h5", rows: [0, 1e3, .inf]}
      training:
        steps: 100
        rate: 1.5e-3
        notes: 'it''s'
        text: |
          one
          two
        layers:
          - {size: 3}
          - size: 4
      time: 0:55:00
      """
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    let special = Array("[]{}:,-?&*!|>'\"%@`#\n\t ~\\.0".utf8)
    var parsed = 0
    for _ in 0..<5_000 {
      var bytes = Array(deck.utf8)
      for _ in 0...random(4) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = UInt8(random(256))
        case 1: bytes[place] = special[random(special.count)]
        case 2: bytes.remove(at: place)
        default: bytes.insert(special[random(special.count)], at: place)
        }
      }
      do {
        let root = try Tree(yaml: String(decoding: bytes, as: UTF8.self), file: "d.yaml")
        parsed += 1
        let text = root.yaml
        let again = try Tree(yaml: text, file: "again")
        #expect(again.yaml == text)
        #expect(root.differences(from: again).isEmpty, "\(text)")
      } catch let error as DeckError {
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(parsed > 500)
  }
}

struct DeckMissing: Error {
}
