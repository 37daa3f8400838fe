import Discriminator
import Glibc
import Parameters

/// L, the time step and the smoothing as numbers, `auto` worked out from the target's diameter.
///
/// What matters is L times the diameter, how many diameters a particle moves at most in a time step, and how many the kinks
/// of a smooth activation are wide; so a deck without numbers fits data in any unit.
package struct AutomaticNumbers: Sendable, Equatable {
  /// L; infinity lifts the constraint.
  package let lipschitz: Double
  /// The length of a time step.
  package let timeStep: Double
  /// The smoothing of the activation, 0.5 under `auto` where the target has no diameter; nil where nothing is smoothed.
  package let smoothing: Double?

  /// L times the diameter under `auto`.
  package static let lipschitzTimesDiameter = 0.5
  /// L times the time step, in diameters, under `auto`.
  package static let diametersPerStep = 0.1
  /// What stands for L times the diameter in the time step under `auto` where L is infinite: about the steepness of the
  /// logarithm of a ratio of densities.
  package static let unboundedLipschitzTimesDiameter = 20.0
  /// The smoothing in diameters under `auto`.
  package static let smoothingInDiameters = 0.03

  /// The numbers of a deck. `diameter` is asked for where one is `auto`; throws a ``ScaleError`` where it is no
  /// length. Numbers under `auto` have three digits.
  init(_ deck: Deck, diameter: () throws -> Double) throws {
    func isLength(_ length: Double) -> Bool { length > 1e-30 && length < 1e30 }
    func length() throws -> Double {
      let length = try diameter()
      guard isLength(length) else { throw ScaleError(diameter: length) }
      return length
    }
    lipschitz = try deck.divergence.lipschitz.number { Self.rounded(Self.lipschitzTimesDiameter / (try length())) }
    let bound = lipschitz
    timeStep = try deck.transport.timeStep.number {
      let length = try length(), speed = bound.isFinite ? bound : Self.unboundedLipschitzTimesDiameter / length
      return Self.rounded(Self.diametersPerStep * length / speed)
    }
    smoothing = try (deck.discriminator.activation as? any SmoothedActivation)?.smoothing.number {
      let length = try diameter()
      return isLength(length) ? Self.rounded(Self.smoothingInDiameters * length) : 0.5
    }
  }

  /// A positive number with three significant digits.
  static func rounded(_ value: Double) -> Double {
    let digits = 2 - Int(floor(log10(value)))
    // Powers of ten are exact up to 10^22, so that the result is the double nearest to the decimal number.
    let power = pow(10, Double(abs(digits)))
    return digits >= 0 ? (value * power).rounded() / power : (value / power).rounded() * power
  }
}

/// The target has no length that `auto` could follow.
package struct ScaleError: InputError {
  /// The diameter that was found.
  package let diameter: Double
  /// One sentence for people.
  package var description: String {
    "auto and transport.error follow the target's diameter (the 90th percentile of the distances between its samples), and "
      + "that is \(diameter == 0 ? "zero" : "\(diameter)") here; give divergence.lipschitz and transport.time_step as numbers, "
      + "and choose an integrator without error control"
  }
}

extension Deck {
  /// Whether a number is left to the data.
  package var isAutomatic: Bool { !automaticKeys.isEmpty }

  /// The keys of the numbers that are left to the data.
  package var automaticKeys: Set<String> {
    var keys: Set<String> = []
    if divergence.lipschitz == .automatic { keys.insert("divergence.lipschitz") }
    if transport.timeStep == .automatic { keys.insert("transport.time_step") }
    if discriminator.activation.isAutomatic { keys.insert("discriminator.smoothing") }
    return keys
  }

  /// L, time step and smoothing as numbers; `diameter` is the target's, asked for where one is `auto`.
  package func numbers(diameter: () throws -> Double) throws -> AutomaticNumbers {
    try AutomaticNumbers(self, diameter: diameter)
  }

  /// The deck with numbers in the place of `auto`.
  package func resolved(_ numbers: AutomaticNumbers) -> Deck {
    var deck = self
    deck.divergence.lipschitz = .number(numbers.lipschitz)
    deck.transport.timeStep = .number(numbers.timeStep)
    if let smoothing = numbers.smoothing {
      deck.discriminator.activation = discriminator.activation.smoothed(smoothing)
    }
    return deck
  }
}
