import Discriminator
import Glibc
import Numerics
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
  /// The smoothing of the activation, 0.5 under `auto` for data as they are that have no diameter; nil where nothing is smoothed.
  package let smoothing: Double?

  /// L times the diameter under `auto`.
  package static let lipschitzTimesDiameter = 0.5
  /// L times the time step, in diameters, under `auto`.
  package static let diametersPerStep = 0.03
  /// What stands for L times the diameter in the time step under `auto` where L is infinite: about the steepness of the
  /// logarithm of a ratio of densities.
  package static let unboundedLipschitzTimesDiameter = 20.0
  /// The smoothing in diameters under `auto`.
  package static let smoothingInDiameters = 0.03

  /// The numbers of a deck; those under `auto` have three digits. Throws a ``ScaleError`` where one is `auto` and the
  /// target has no diameter that it could follow.
  init(_ deck: Deck, _ survey: Survey) throws {
    let diameter = survey.diameter,
      isLength =
        (1e-100...1e100).contains(diameter) && diameter > Self.leastDiameter * survey.scale.unit
    func length() throws -> Double {
      guard isLength else { throw ScaleError(diameter: diameter, unit: survey.scale.unit) }
      return diameter
    }
    if deck.transport.integrator.estimatesError { _ = try length() }
    lipschitz = try deck.divergence.lipschitz.number { Self.rounded(Self.lipschitzTimesDiameter / (try length())) }
    let bound = lipschitz
    timeStep = try deck.transport.timeStep.number {
      let length = try length(), speed = bound.isFinite ? bound : Self.unboundedLipschitzTimesDiameter / length
      return Self.rounded(Self.diametersPerStep * length / speed)
    }
    smoothing = (deck.discriminator.activation as? any SmoothedActivation)?.smoothing.number {
      isLength || deck.discriminator.scale == .auto
        ? Self.rounded(Self.smoothingInDiameters * (isLength ? diameter : survey.scale.unit)) : 0.5
    }
  }

  private init(lipschitz: Double, timeStep: Double, smoothing: Double?) {
    self.lipschitz = lipschitz
    self.timeStep = timeStep
    self.smoothing = smoothing
  }

  /// The target's smallest diameter in the common unit: below, float32 does not tell its samples apart.
  private static let leastDiameter = 1e-5

  /// The numbers for the same data in another unit. Throws a ``PrecisionError`` where float32 does not hold one.
  package func inUnit(_ unit: Double) throws -> AutomaticNumbers {
    let scaled = AutomaticNumbers(
      lipschitz: lipschitz * unit, timeStep: timeStep / unit / unit, smoothing: smoothing.map { $0 / unit })
    try PrecisionCheck.require(scaled.lipschitz, of: "divergence.lipschitz", given: lipschitz)
    try PrecisionCheck.require(scaled.timeStep, of: "transport.time_step", given: timeStep)
    if let smoothing, let inScale = scaled.smoothing {
      try PrecisionCheck.require(inScale, of: "discriminator.smoothing", given: smoothing)
    }
    return scaled
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
  /// The unit of length of target and source together.
  let unit: Double
  /// One sentence for people.
  package var description: String {
    "auto and transport.error follow the target's diameter (the 90th percentile of the distances between its samples), and "
      + "that is "
      + (diameter == 0
        ? "zero here" : "\(Text.short(diameter)) here, nothing beside the \(Text.short(unit)) of the data")
      + "; give divergence.lipschitz and transport.time_step as numbers, and choose an integrator without error control"
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

  /// L, time step and smoothing as numbers, in the data's unit and in that of the scale that the network sees.
  package func numbers(_ survey: Survey) throws -> (inData: AutomaticNumbers, inScale: AutomaticNumbers) {
    let numbers = try AutomaticNumbers(self, survey), unit = scale(survey).unit, scaled = try numbers.inUnit(unit)
    try PrecisionCheck.requireMotion(
      lipschitz: scaled.lipschitz, timeStep: scaled.timeStep, steps: transport.steps,
      diameter: survey.diameter > 0 ? survey.diameter / unit : 1)
    return (numbers, scaled)
  }

  /// The scale that the network sees the data in.
  package func scale(_ survey: Survey) -> CommonScale {
    guard discriminator.scale == .auto else { return .none(dimension: survey.scale.centre.count) }
    guard !discriminator.architecture.takesCentre else { return survey.scale }
    return CommonScale(centre: survey.scale.centre.map { _ in 0 }, unit: survey.scale.unit)
  }

  /// The deck with the activation of the numbers in the network's unit.
  func scaled(_ numbers: AutomaticNumbers) -> Deck {
    var deck = self
    if let smoothing = numbers.smoothing {
      deck.discriminator.activation = discriminator.activation.smoothed(smoothing)
    }
    return deck
  }

  /// The deck with numbers in the place of `auto`.
  package func resolved(_ numbers: AutomaticNumbers) -> Deck {
    var deck = self
    deck.divergence.lipschitz = .number(numbers.lipschitz)
    deck.transport.timeStep = .number(numbers.timeStep)
    return deck.scaled(numbers)
  }
}
