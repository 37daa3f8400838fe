import Discriminator
import Divergence
import Numerics
import Parameters
import Samples
import Testing
import YAML

/// Each list that decks choose from, with a made-up variant that has a parameter: it comes back from the deck that is stored,
/// wrong values are refused, and a restart finds that it differs.
@Suite struct VariantsTests {
  private func check<S: Section>(_ keys: [Key<S>], _ text: String, key: String, usual: String, other: String) throws {
    func read(_ text: String) throws -> Tree {
      let written = try S.read(Tree(yaml: text, file: "d.yaml"), keys: keys).tree(keys: keys)
      let stored = try Tree(yaml: written.yaml, file: "stored")
      let again = try S.read(stored, keys: keys).tree(keys: keys)
      #expect(written.differences(from: again).isEmpty)
      return stored
    }
    #expect(try read(text).yaml.contains("\(key): \(usual)\n"))
    #expect(try read("\(text)\(key): \(other)\n").yaml.contains("\(key): \(other)\n"))
    #expect(try read("\(text)\(key): \(other)\n").differences(from: read(text)) == [key])
    #expect(throws: DeckError.self) { try read("\(text)\(key): -1\n") }
    #expect(throws: DeckError.self) { try read("\(text)\(key): x\n") }
  }

  @Test func divergence() throws {
    try check(
      DivergenceSection.keys(divergences: divergences + [Skewed.self]), "f: skewed\n", key: "skew", usual: "0.5",
      other: "0.25")
  }

  @Test func activation() throws {
    let keys = DiscriminatorSection.keys(activations: activations + [Steep.self], constraints: constraints)
    try check(keys, "activation: steep\n", key: "steepness", usual: "2.0", other: "3.0")
  }

  @Test func constraint() throws {
    let keys = DiscriminatorSection.keys(activations: activations, constraints: constraints + [Clipped.self])
    try check(keys, "constraint: clipped\n", key: "clip", usual: "0.01", other: "0.02")
  }

  @Test func sampler() throws {
    try check(
      SampleSource.keys(samplers: samplers + [Ring.self]), "sampler: ring\ncount: 3\n", key: "radius", usual: "1.0",
      other: "2.0")
  }

  @Test func leak() throws {
    try check(DiscriminatorSection.keys, "activation: leaky_relu\n", key: "leak", usual: "0.2", other: "0.5")
  }
}

private struct Skewed: FDivergence {
  static let name = "skewed"
  static let domainEdge = Double.infinity
  var centre: Double { 0 }
  var skew = 0.5
  static let keys: [Key<Skewed>] = [.value("skew", \.skew, "a skew", allowed: "a number above 0") { $0 > 0 }]
  func value(_ ratio: Double) -> Double { ratio }
  func conjugate(_ y: Double) -> (value: Double, slope: Double) { (y, 1) }
  func argument(ofRatio ratio: Double) -> Double { ratio }
}

private struct Steep: PointwiseActivation {
  static let name = "steep"
  var steepness = 2.0
  static let keys: [Key<Steep>] = [
    .value("steepness", \.steepness, "a slope", allowed: "a number above 0") { $0 > 0 }
  ]
  func value(_ z: Vector) -> (value: Vector, saved: Vector) {
    (Float(steepness) * z, Vector(repeating: Float(steepness)))
  }
}

private struct Clipped: Constraint {
  static let name = "clipped"
  var clip = 0.01
  static let keys: [Key<Clipped>] = [.value("clip", \.clip, "a bound", allowed: "a number above 0") { $0 > 0 }]
  func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Clip() }
  final class Clip: MatrixConstraint {}
}

private struct Ring: Sampler {
  static let name = "ring"
  var radius = 1.0
  var dimension: Int { 2 }
  static let keys: [Key<Ring>] = [.value("radius", \.radius, "a radius", allowed: "a number above 0") { $0 > 0 }]
  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    row[0] = radius
    row[1] = 0
  }
}
