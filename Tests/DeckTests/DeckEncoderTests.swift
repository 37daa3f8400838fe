import Deck
import Testing

private struct Lists: Codable, Equatable {
  var flat: [Int] = [1, 2]
  var nested: [[Double]] = [[1, 2.5], []]
  var empty: [String] = []
  var words: [String] = ["a", "b, c", "[d]"]
  var sections: [Sample.Layer] = [Sample.Layer(size: 1, scale: 0.1), Sample.Layer(size: 2, scale: nil)]
  var deep: [[Sample.Layer]] = [[Sample.Layer(size: 3, scale: nil)], []]
  var map: [String: Int] = [:]
  var nothing: Int?
}

@Suite struct DeckEncoderTests {
  private func roundTrip<T: Codable & Equatable>(_ value: T) throws -> String {
    let text = try DeckEncoder.encode(value)
    let again = try decode(T.self, text)
    #expect(again == value, "\(text)")
    return text
  }

  @Test func blocks() throws {
    let text = try roundTrip(
      Sample(
        training: Sample.Training(steps: 100, learningRate: 1e-5, note: "0:55:00"), mode: .fast, layers: nil,
        kind: Kind(name: "gauss", width: .greatestFiniteMagnitude)))
    #expect(
      text == """
        training:
          steps: 100
          learning_rate: 1e-05
          note: 0:55:00
        mode: fast
        kind:
          name: gauss
          width: 1.7976931348623157e+308

        """)
  }

  @Test func lists() throws {
    #expect(
      try roundTrip(Lists()) == """
        flat: [1, 2]
        nested: [[1.0, 2.5], []]
        empty: []
        words: [a, "b, c", "[d]"]
        sections:
          - size: 1
            scale: 0.1
          - size: 2
        deep:
          - - size: 3
          - []
        map: {}

        """)
  }

  @Test func numbers() throws {
    let doubles: [Double] = [
      0, -0.0, 0.1, 1.0 / 3, .leastNonzeroMagnitude, 1e16, 1e22, -.infinity, .infinity, .pi, 123456789012345680,
      .greatestFiniteMagnitude, .leastNormalMagnitude,
    ]
    let text = try roundTrip(["d": doubles])
    #expect(text.contains(".inf") && text.contains("-.inf") && text.contains("-0.0"))
    let floats: [Float] = [0.1, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity]
    _ = try roundTrip(["f": floats])
    _ = try roundTrip(["i": [Int.min, .max, 0]])
    _ = try roundTrip(["u": [UInt64.max]])
    var state: UInt64 = 88_172_645_463_325_252
    let random = (0..<20_000).map { _ -> Double in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let value = Double(bitPattern: state)
      return value.isNaN ? 0 : value
    }
    _ = try roundTrip(["r": random])
    #expect(try DeckEncoder.encode(["n": Double.nan]) == "n: .nan\n")
  }

  @Test func texts() throws {
    let quoted = [
      "", "1", "1e3", "true", "null", "~", ".inf", "0x1F", " a", "a ", "a: b", "a:", "- a", "-", "---", "...", "#a",
      "a #b",
      "[", "a,b", "{x}", "*a", "&a", "!a", "'a'", "\"", "%a", "@a", "`a", "a\nb", "\t", "\u{0}", "\u{7F}", "\u{85}",
      "\u{2028}", "\u{FEFF}x", "\u{A0}", "? a", "|", ">", "a:?b",
    ]
    for text in quoted {
      let written = try roundTrip([text: [text]])
      #expect(written.hasPrefix("\""), "\(written)")
    }
    let plain = ["a", "a b", "a/b.h5", "0:55:00", "a:b", "a#b", "it's", "é", "日本", "😀", "1.2.3", "yes", "x\\y"]
    for text in plain {
      #expect(try roundTrip(["k": text]) == "k: \(text)\n")
      _ = try roundTrip([text: [text]])
    }
  }
}
