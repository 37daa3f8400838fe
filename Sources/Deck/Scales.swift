import Glibc
import Parameters

/// L and the time step as numbers, `auto` worked out from the target's diameter.
///
/// What matters is L times the diameter, and how many diameters a particle moves at most in a time step; so a deck without
/// numbers fits data in any unit.
public struct Scales: Sendable, Equatable {
  /// L; infinity lifts the constraint.
  public let lipschitz: Double
  /// The length of a time step.
  public let timeStep: Double

  /// L times the diameter under `auto`.
  public static let lipschitzTimesDiameter = 0.5
  /// L times the time step, in diameters, under `auto`.
  public static let diametersPerStep = 0.05

  /// The numbers of two settings. `diameter` is asked for where one is `auto`; throws a ``ScaleError`` where it is no
  /// length. Numbers under `auto` have three digits; a time step beside an infinite L is that of L under `auto`.
  init(lipschitz: AutomaticNumber, timeStep: AutomaticNumber, diameter: () throws -> Double) throws {
    func length() throws -> Double {
      let length = try diameter()
      guard length > 1e-30, length < 1e30 else { throw ScaleError(diameter: length) }
      return length
    }
    self.lipschitz = try lipschitz.number { Self.rounded(Self.lipschitzTimesDiameter / (try length())) }
    let bound = self.lipschitz
    self.timeStep = try timeStep.number {
      let length = try length(), speed = bound.isFinite ? bound : Self.lipschitzTimesDiameter / length
      return Self.rounded(Self.diametersPerStep * length / speed)
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
public struct ScaleError: InputError {
  /// The diameter that was found.
  public let diameter: Double
  /// One sentence for people.
  public var description: String {
    "auto follows the target's diameter (the 90th percentile of the distances between its samples), and that is "
      + "\(diameter == 0 ? "zero" : "\(diameter)") here; give divergence.lipschitz and transport.time_step as numbers"
  }
}

extension Deck {
  /// Whether a number is left to the data.
  public var isAutomatic: Bool { divergence.lipschitz == .automatic || transport.timeStep == .automatic }

  /// L and the time step as numbers; `diameter` is the target's, asked for where one is `auto`.
  public func scales(diameter: () throws -> Double) throws -> Scales {
    try Scales(lipschitz: divergence.lipschitz, timeStep: transport.timeStep, diameter: diameter)
  }

  /// The deck with numbers in the place of `auto`.
  public func resolved(_ scales: Scales) -> Deck {
    var deck = self
    deck.divergence.lipschitz = .number(scales.lipschitz)
    deck.transport.timeStep = .number(scales.timeStep)
    return deck
  }
}
