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

/// A deck for the tests: sections within sections, every kind of value, and a kind of variants.
struct Sample: Section {
  struct Training: Section, Equatable {
    var steps = 0
    var learningRate = 1.0
    var note: String?

    static let keys: [Key<Training>] = [
      .value("steps", \.steps, "the steps", isRequired: true),
      .value("learning_rate", \.learningRate, "the rate", isRequired: true),
      .value("note", optional: \.note, "a note"),
    ]
  }

  enum Mode: String, CaseIterable { case fast, exact }

  var training = Training()
  var mode = Mode.fast
  var size = 3
  var isOn = false
  var list: [Double] = []
  var width = AutomaticNumber.automatic
  var shape: any Shape = Ball()
  var extra: Training?

  static let keys: [Key<Sample>] = [
    .section("training", \.training, "how it is trained", isRequired: true),
    .choice("mode", \.mode, "the mode"),
    .value("size", \.size, "the size", allowed: "a whole number above 0") { $0 > 0 },
    .value("on", \.isOn, "a switch"),
    .value("list", \.list, "numbers"),
    .automatic("width", \.width, "a width", allowed: "a number above 0") { $0 > 0 },
    .variant("shape", \.shape, "the shape", among: [Ball.self, Box.self, Point.self]),
    .section("extra", optional: \.extra, "more of it"),
  ]
}

protocol Shape: Variant {}

struct Ball: Shape {
  static let name = "ball"
  var radius = 1.0
  static let keys: [Key<Ball>] = [
    .value("radius", \.radius, "the radius", allowed: "a number above 0") { $0 > 0 }
  ]
}

struct Box: Shape {
  static let name = "box"
  var sides: [Double] = [1, 1]
  var area = 0.0
  static let keys: [Key<Box>] = [.value("sides", \.sides, "the sides")]

  mutating func complete(given: Set<String>) throws {
    guard sides.count == 2 else { throw KeyError("sides", "has \(sides.count) numbers, not 2") }
    area = sides[0] * sides[1]
  }
}

struct Point: Shape {
  static let name = "point"
}

@Suite struct SectionTests {
  private let start = "training: {steps: 1, learning_rate: 1}\n"

  private func read(_ text: String) throws -> Sample { try Sample.read(Tree(yaml: text, file: "d.yaml")) }
  private func refusal(_ text: String) -> String { message { _ = try read(text) } }

  @Test func wholeDeck() throws {
    let sample = try read(
      """
      training: {steps: 1e3, learning_rate: 1, note: 12}
      mode: exact
      size: 0x10
      on: True
      list: [.5, -.inf, 0o17, 2.]
      width: 3
      shape: box
      sides: [2, 3]
      """)
    #expect(sample.training == Sample.Training(steps: 1000, learningRate: 1, note: "12"))
    #expect(sample.mode == .exact && sample.size == 16 && sample.isOn && sample.list == [0.5, -.infinity, 15, 2])
    #expect(sample.width == .number(3) && (sample.shape as? Box)?.area == 6)
  }

  @Test func defaultsAreWritten() throws {
    let text = """
      training:
        steps: 1
        learning_rate: 1.0
      mode: fast
      size: 3
      on: false
      list: []
      width: auto
      shape: ball
      radius: 1.0

      """
    #expect(try read(start).tree().yaml == text)
    #expect(try read(text).tree().yaml == text)
    #expect(try read(start + "mode: ~\nsize:\n").tree().yaml == text, "null is as absent")
  }

  @Test func wrongValues() {
    func at(_ place: String, _ text: String) -> String { "d.yaml:2:\(place): \(text)" }
    #expect(refusal(start + "size: abc") == at("7", "size: must be a whole number above 0, not 'abc'"))
    #expect(refusal(start + "size: -1") == at("7", "size: must be a whole number above 0, not '-1'"))
    for value in ["1.5", "1e99999999999999999999", "9223372036854775808"] {
      #expect(refusal(start + "size: " + value).contains("a whole number"))
    }
    #expect(refusal(start + "size: '1'").contains("not the text '1' in quotes"))
    #expect(refusal(start + "on: yes") == at("5", "on: must be true or false, not 'yes'; write true"))
    #expect(refusal(start + "list: [1, x]") == at("11", "list[1]: must be a number, not 'x'"))
    #expect(refusal(start + "list: [1e999]") == at("8", "list[0]: must be a number, not '1e999'"))
    #expect(refusal(start + "list: 1") == at("7", "list: must be a list, not '1'"))
    #expect(refusal(start + "mode: [1]") == at("7", "mode: must be fast, exact, not the list [1]"))
    #expect(refusal(start + "mode: fats").contains("knows no 'fats'; did you mean fast? (allowed: fast, exact)"))
    #expect(refusal(start + "width: 0") == at("8", "width: must be a number above 0 or auto, not '0'"))
    #expect(refusal(start + "width: automatic").contains("or auto, not 'automatic'"))
    #expect(refusal(start + "shape: box\nsides: [1]") == "d.yaml:3:8: sides: has 1 numbers, not 2")
    #expect(
      refusal("training: 3")
        == "d.yaml:1:11: training: must be a section of keys, not '3'; write key: value, with a colon and a blank behind it"
    )
    #expect(
      refusal("training: {steps: , learning_rate: 1}").contains("training.steps: must be a whole number, not null"))
  }

  /// Numbers as they are written elsewhere.
  @Test(arguments: [
    ("inf", ".inf"), ("-Infinity", "-.inf"), ("0,1", "0.1, with a point"), ("1,000", "1.000, with a point, or 1000"),
    ("1_000", "1000"), ("1d-3", "1e-3"), ("\u{2212}3", "-3"), ("1,234,567", "1234567"),
  ])
  func numbersOfElsewhere(text: String, meant: String) {
    let found = refusal("training: {steps: 1, learning_rate: 1}\nlist: ['\(text)']")
    #expect(found.contains("; write \(meant)"), "\(found)")
  }

  @Test func unknownKeys() {
    #expect(
      refusal("training:\n  steps: 1\n  learning_rate: 1\n  nte: x")
        == "d.yaml:4:3: training.nte: is not a known key; did you mean note? (known: steps, learning_rate, note)")
    #expect(refusal(start + "shape: point\nsiz: 3").contains("did you mean size? (known: training, mode, size"))
    // The first in the text comes first, whatever is read first, and values come before keys.
    #expect(refusal("zzz: 1\ntraining: {steps: 1, learning_rate: 1, yyy: 1}").hasPrefix("d.yaml:1:1: zzz:"))
    #expect(refusal("zzz: 1\ntraining: {steps: x, learning_rate: 1}").hasPrefix("d.yaml:2:19: training.steps:"))
  }

  @Test func missingKeys() {
    #expect(
      refusal("training:\n  steps: 1\n")
        == "d.yaml:2:3: training.learning_rate: is missing; the deck must give it")
    #expect(refusal("") == "d.yaml:1:1: training: is missing; the deck must give it")
    #expect(
      refusal("training:\n  steps: 1\n  learning_rat: 2\n")
        == "d.yaml:3:3: training.learning_rat: is not a known key; did you mean learning_rate?")
    #expect(refusal("trainin:\n  steps: 1") == "d.yaml:1:1: trainin: is not a known key; did you mean training?")
  }

  /// A parameter is its variant's own: known with it, named with its owner elsewhere.
  @Test func parametersOfVariants() {
    #expect(
      refusal(start + "shape: box\nradius: 2")
        == "d.yaml:3:1: radius: belongs to shape: ball; choose that, or leave it out")
    #expect(refusal(start + "radus: 2").contains("did you mean radius?"))
    #expect(refusal(start + "radius: -2") == "d.yaml:2:9: radius: must be a number above 0, not '-2'")
  }

  @Test func differences() throws {
    let one = try read(start + "shape: box").tree(), other = try read(start + "shape: box\nsides: [1, 2]").tree()
    #expect(one.differences(from: one).isEmpty)
    #expect(other.differences(from: one) == ["sides"])
    #expect(try read(start + "radius: 2\nsize: 4").tree().differences(from: read(start).tree()) == ["size", "radius"])
    #expect(try read(start).tree().differences(from: one) == ["shape", "radius", "sides"])
    let text = try Tree(yaml: "a: '1'\nb: 'x'\nc: [{d: 1}, {d: 2}]", file: "")
    let again = try Tree(yaml: "a: 1\nb: x\nc: [{d: 1}, {d: 3}]\ne: {f: 1}", file: "")
    #expect(text.differences(from: again) == ["a", "c[1].d", "e"])
  }

  @Test func descriptions() {
    let keys = Sample.description()
    #expect(
      keys.map(\.path) == [
        "training", "training.steps", "training.learning_rate", "training.note", "mode", "size", "on", "list", "width",
        "shape", "radius", "sides", "extra", "extra.steps", "extra.learning_rate", "extra.note",
      ])
    #expect(keys[4].names == ["fast", "exact"] && keys[4].fallback == "fast")
    #expect(keys[5].allowed == "a whole number above 0" && keys[5].fallback == "3" && keys[1].fallback.isEmpty)
    #expect(keys[10].owner == "shape" && keys[10].owners == ["ball"] && keys[10].fallback == "1.0")
  }

  @Test func set() throws {
    var root = try Tree(yaml: "training: {steps: 1}\nmode:\n", file: "d.yaml")
    for (path, value) in [
      ("training.learning_rate", "1e-3"), ("training.steps", "5"), ("list", "[1, 2]"), ("mode", "exact"),
      ("extra.steps", "7"), ("extra.learning_rate", "8"),
    ] { try root.set(path: path, toYAML: value) }
    let sample = try Sample.read(root)
    #expect(sample.training == Sample.Training(steps: 5, learningRate: 1e-3, note: nil))
    #expect(sample.list == [1, 2] && sample.mode == .exact && sample.extra?.steps == 7)
  }

  @Test func setRefusals() throws {
    func refusal(_ path: String, _ value: String) -> String {
      message {
        var root = try Tree(yaml: "training: {steps: 1, learning_rate: 2}\nlist: [1]", file: "d.yaml")
        try root.set(path: path, toYAML: value)
        _ = try Sample.read(root)
      }
    }
    #expect(refusal("training.steps", "x") == "--set training.steps: must be a whole number, not 'x'")
    #expect(
      refusal("training", "{steps: x}") == "--set training: training.steps: must be a whole number, not 'x'")
    #expect(
      refusal("training.stps", "1")
        == "--set training.stps: is not a known key; did you mean steps? (known: steps, learning_rate, note)")
    #expect(
      refusal("training.steps.x", "1")
        == "--set training.steps.x: cannot be set: training.steps is '1', not a section of keys")
    #expect(refusal("list.size", "1").contains("list is the list [1]"))
    #expect(refusal("training..steps", "1").contains("joined by dots"))
    #expect(refusal("", "1").contains("must name a key"))
    #expect(refusal("training.steps", "[1").hasPrefix("--set training.steps: is no valid YAML"))
    #expect(refusal("a" + String(repeating: ".a", count: 100_000), "1").contains("more than 64 levels"))
    #expect(refusal("training.steps", "") == "--set training.steps: must be a whole number, not null")
  }

  @Test func exitCode() { #expect(DeckError(.option("a"), path: "a", "t").exitCode == 2) }
}
