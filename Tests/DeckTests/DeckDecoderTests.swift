import Deck
import Parameters
import Testing

/// A deck for the tests: a section with a kind whose own parameters stand beside its name, and a list.
struct Sample: Codable, Equatable {
  struct Training: Codable, Equatable {
    var steps: Int
    var learningRate: Double
    var note: String?
    enum CodingKeys: String, CodingKey {
      case steps
      case learningRate = "learning_rate"
      case note
    }
  }
  enum Mode: String, Codable, CaseIterable { case fast, exact }
  struct Layer: Codable, Equatable {
    var size: Int
    var scale: Float?
  }
  var training: Training
  var mode: Mode?
  var layers: [Layer]?
  var kind: Kind?
}

/// Two containers with different key types on one section.
struct Kind: Codable, Equatable {
  var name: String
  var width: Double
  enum NameKey: String, CodingKey { case name }
  enum WidthKey: String, CodingKey { case width }

  init(name: String, width: Double) { (self.name, self.width) = (name, width) }

  init(from decoder: any Decoder) throws {
    name = try decoder.container(keyedBy: NameKey.self).decode(String.self, forKey: .name)
    width = try decoder.container(keyedBy: WidthKey.self).positive(.width, default: 1)
  }

  func encode(to encoder: any Encoder) throws {
    var names = encoder.container(keyedBy: NameKey.self)
    try names.encode(name, forKey: .name)
    var widths = encoder.container(keyedBy: WidthKey.self)
    try widths.encode(width, forKey: .width)
  }
}

/// A list or one number for all.
struct Spread: Decodable, Equatable {
  var values: [Double]
  init(from decoder: any Decoder) throws {
    if var list = try? decoder.unkeyedContainer() {
      values = []
      while !list.isAtEnd { values.append(try list.decode(Double.self)) }
    } else {
      values = [try decoder.singleValueContainer().decode(Double.self)]
    }
  }
}

func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
  try DeckDecoder.decode(type, from: YAMLNode.parse(text, file: "d.yaml"), file: "d.yaml")
}

@Suite struct DeckDecoderTests {
  private func refusal<T: Decodable>(_ type: T.Type, _ text: String) -> String {
    message { _ = try decode(type, text) }
  }
  private func sampleRefusal(_ text: String) -> String { refusal(Sample.self, text) }

  @Test func wholeDeck() throws {
    let sample = try decode(
      Sample.self,
      """
      training: {steps: 1e3, learning_rate: 1, note: 12}
      mode: exact
      layers: [{size: 200.0, scale: .5}, {size: 0x10, scale: null}]
      kind:
        name: gauss
        width: 2.
      """)
    #expect(sample.training == Sample.Training(steps: 1000, learningRate: 1, note: "12"))
    #expect(sample.mode == .exact)
    #expect(sample.layers == [Sample.Layer(size: 200, scale: 0.5), Sample.Layer(size: 16, scale: nil)])
    #expect(sample.kind == Kind(name: "gauss", width: 2))
  }

  @Test func scalars() throws {
    let doubles = try decode([String: Double].self, "a: .inf\nb: -.INF\nc: -1e-3\nd: 5\ne: +.5\nf: 0o17")
    #expect(doubles == ["a": .infinity, "b": -.infinity, "c": -0.001, "d": 5, "e": 0.5, "f": 15])
    #expect(try decode([String: Double].self, "a: .nan")["a"]?.isNaN == true)
    #expect(
      try decode([String: Int].self, "a: -0.0\nb: 9223372036854775807\nc: 1.50e1\nd: 1e18\ne: -12")
        == ["a": 0, "b": .max, "c": 15, "d": 1_000_000_000_000_000_000, "e": -12])
    #expect(
      try decode([String: String].self, "a: 0:55:00\nb: true\nc: '1'") == ["a": "0:55:00", "b": "true", "c": "1"])
    #expect(try decode([String: Bool?].self, "a: True\nb: ~") == ["a": Bool?.some(true), "b": Bool?.none])
    #expect(try decode([String: Spread].self, "a: 2\nb: [1, 2]")["a"]?.values == [2])
  }

  @Test func wrongTypes() {
    func at(_ place: String, _ text: String) -> String { "d.yaml:1:\(place): \(text)" }
    #expect(refusal([String: Int].self, "a: abc") == at("4", "a: must be a whole number, not 'abc'"))
    #expect(refusal([String: Int].self, "a: 1.5") == at("4", "a: must be a whole number, not '1.5'"))
    #expect(refusal([String: Int].self, "a: 1e99999999999999999999").contains("a whole number"))
    #expect(refusal([String: Int].self, "a: 9223372036854775808").contains("a whole number"))
    #expect(refusal([String: UInt8].self, "a: 256") == at("4", "a: must be a whole number from 0 to 255, not '256'"))
    #expect(refusal([String: Int].self, "a: '1'").contains("not the text '1' in quotes"))
    #expect(refusal([String: Double].self, "a: 1e999") == at("4", "a: must be a number, not '1e999'"))
    #expect(refusal([String: Double].self, "a: inf").contains("must be a number, not 'inf'"))
    #expect(refusal([String: Double].self, "a:").contains("must be a number, not null"))
    #expect(refusal([String: Bool].self, "a: yes") == at("4", "a: must be true or false, not 'yes'"))
    #expect(refusal([String: String].self, "a: [1]") == at("4", "a: must be text, not a list"))
    #expect(refusal([String: [Double]].self, "a: [1, x]") == at("8", "a[1]: must be a number, not 'x'"))
    #expect(refusal([String: [Double]].self, "a: 1") == at("4", "a: must be a list, not '1'"))
    #expect(sampleRefusal("training: 3") == at("11", "training: must be a section of keys, not '3'"))
    #expect(
      sampleRefusal("mode: fats\ntraining: {steps: 1, learning_rate: 1}")
        == at("7", "mode: must be one of fast, exact, not 'fats'"))
    #expect(
      sampleRefusal("kind: {name: a, width: -1}\ntraining: {steps: 1, learning_rate: 1}")
        == at("24", "kind.width: must be a number above 0, not -1.0"))
  }

  @Test func unknownKeys() {
    #expect(
      sampleRefusal("training:\n  steps: 1\n  learning_rate: 1\n  nte: x")
        == "d.yaml:4:3: training.nte: is not a known key; did you mean note? (known: steps, learning_rate, note)")
    #expect(
      sampleRefusal("training: {steps: 1, learning_rate: 1}\nkind: {name: a, wdth: 2}")
        == "d.yaml:2:17: kind.wdth: is not a known key; did you mean width? (known: name, width)")
    #expect(
      sampleRefusal("training: {steps: 1, learning_rate: 1}\nlayers: [{size: 1}, {size: 2, other: 3}]")
        == "d.yaml:2:31: layers[1].other: is not a known key (known: size, scale)")
    // the first in the text comes first, whatever is decoded first
    #expect(sampleRefusal("zzz: 1\ntraining: {steps: 1, learning_rate: 1, yyy: 1}").hasPrefix("d.yaml:1:1: zzz:"))
  }

  @Test func missingKeys() {
    #expect(
      sampleRefusal("training:\n  steps: 1\n")
        == "d.yaml:2:3: training.learning_rate: is missing; the deck must give it")
    #expect(sampleRefusal("") == "d.yaml:1:1: training: is missing; the deck must give it")
    #expect(
      sampleRefusal("training:\n  steps: 1\n  learning_rat: 2\n")
        == "d.yaml:3:3: training.learning_rat: is not a known key; did you mean learning_rate?")
    #expect(sampleRefusal("trainin:\n  steps: 1") == "d.yaml:1:1: trainin: is not a known key; did you mean training?")
    #expect(DeckError(file: "f", origin: .option("a"), path: "a", text: "t").exitCode == 2)
  }

  @Test func set() throws {
    let root = try YAMLNode.parse("training: {steps: 1}\nmode:\n", file: "d.yaml")
    try root.set(path: "training.learning_rate", to: "1e-3")
    try root.set(path: "training.steps", to: "5")
    try root.set(path: "kind.name", to: "gauss")
    try root.set(path: "layers", to: "[{size: 1}, {size: 2}]")
    let sample = try DeckDecoder.decode(Sample.self, from: root, file: "d.yaml")
    #expect(sample.training == Sample.Training(steps: 5, learningRate: 1e-3, note: nil))
    #expect(sample.kind?.name == "gauss" && sample.layers?.count == 2)
  }

  @Test func setRefusals() throws {
    func refusal(_ path: String, _ value: String) -> String {
      message {
        let root = try YAMLNode.parse("training: {steps: 1, learning_rate: 2}\nlayers: [{size: 1}]", file: "d.yaml")
        try root.set(path: path, to: value)
        _ = try DeckDecoder.decode(Sample.self, from: root, file: "d.yaml")
      }
    }
    #expect(refusal("training.steps", "x") == "--set training.steps: must be a whole number, not 'x'")
    #expect(refusal("training", "{steps: x}") == "--set training: training.steps: must be a whole number, not 'x'")
    #expect(
      refusal("training.stps", "1")
        == "--set training.stps: is not a known key; did you mean steps? (known: steps, learning_rate, note)")
    #expect(
      refusal("training.steps.x", "1")
        == "--set training.steps.x: cannot be set: training.steps is '1', not a section of keys")
    #expect(refusal("layers.size", "1").contains("layers is a list"))
    #expect(refusal("training..steps", "1").contains("joined by dots"))
    #expect(refusal("", "1").contains("must name a key"))
    #expect(refusal("training.steps", "[1").hasPrefix("--set training.steps: is no valid YAML"))
    #expect(refusal("a" + String(repeating: ".a", count: 100_000), "1").contains("more than 64 levels"))
    #expect(refusal("training.steps", "") == "--set training.steps: must be a whole number, not null")
  }
}
