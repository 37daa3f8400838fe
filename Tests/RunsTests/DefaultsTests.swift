import Discriminator
import Parameters
import Runs
import Testing

/// The defaults that docs/defaults.md measured.
@Suite struct DefaultsTests {
  private func deck(_ sets: [(path: String, value: String)] = []) throws -> Deck {
    let text =
      "source: {sampler: gaussian, count: 9, dimension: 2}\ntarget: {sampler: gaussian, count: 9, dimension: 2}\n"
    return try Deck.read(text, file: "deck.yaml", overrides: sets)
  }

  @Test func aDeckOfDataAlone() throws {
    let deck = try deck()
    #expect(type(of: deck.discriminator.constraint).name == "orthonormal")
    #expect(type(of: deck.discriminator.activation).name == "smooth_max_min")
    #expect(deck.discriminator.activation.isAutomatic && deck.divergence.lipschitz == .automatic)
    #expect(deck.transport.timeStep == .automatic && deck.transport.schedule == .constant)
    #expect(deck.training.iterations == 3 && deck.training.learningRate == 0.01)
  }

  /// A key that is given brings what belongs to it.
  @Test(arguments: [
    ("activation", "relu", "spectral", "relu"), ("activation", "softplus", "spectral", "softplus"),
    ("activation", "max_min", "orthonormal", "max_min"), ("constraint", "spectral", "spectral", "relu"),
    ("constraint", "frobenius", "frobenius", "relu"), ("constraint", "normalized", "normalized", "smooth_max_min"),
    ("constraint", "orthonormal", "orthonormal", "smooth_max_min"), ("hidden", "[5, 4]", "spectral", "relu"),
    ("hidden", "[6, 4]", "orthonormal", "smooth_max_min"),
  ])
  func pairs(key: String, value: String, constraint: String, activation: String) throws {
    let discriminator = try deck([("discriminator.\(key)", value)]).discriminator
    #expect(type(of: discriminator.constraint).name == constraint)
    #expect(type(of: discriminator.activation).name == activation)
  }

  @Test func aSmoothActivationHasItsUsualSmoothing() throws {
    func smoothing(_ key: String, _ value: String) throws -> AutomaticNumber? {
      (try deck([(key, value)]).discriminator.activation as? any SmoothedActivation)?.smoothing
    }
    #expect(try smoothing("discriminator.activation", "smooth_relu") == .automatic)
    let plain = try deck([("discriminator.activation", "smooth_relu"), ("discriminator.scale", "none")]).discriminator
    #expect((plain.activation as? any SmoothedActivation)?.smoothing == .number(0.5))
    #expect(try smoothing("discriminator.constraint", "orthonormal") == .automatic)
    #expect(try smoothing("discriminator.smoothing", "0.1") == .number(0.1))
  }

}
