import Parameters

/// Numbers with which float32 computes nothing that is meant, although each is allowed by itself.
package enum PrecisionError: InputError {
  /// A number that float32 does not hold: the deck's, and what it is in the scale of the run.
  case number(key: String, given: Double, inScale: Double)
  /// The greatest distance that a particle can move in a run, in diameters of the target.
  case motion(diameters: Double)

  /// One sentence for people.
  package var description: String {
    switch self {
    case .number(let key, let given, let inScale):
      "\(key) is \(Text.short(given))\(given == inScale ? "" : ", \(Text.short(inScale)) in the scale of the run"), which "
        + "float32 does not hold (\(SinglePrecision.range)); give another one, or auto"
    case .motion(let diameters):
      "with this transport.time_step and divergence.lipschitz no particle can move by more than \(Text.short(diameters)) "
        + "diameters of the target in all steps together, which is nothing in float32; give larger ones, or auto"
    }
  }
}

/// Checks of numbers that the data take part in.
package enum PrecisionCheck {
  /// Throws a ``PrecisionError`` unless float32 holds a number of a deck as it is in the scale of the run; infinity is
  /// for the key itself to allow.
  package static func require(_ inScale: Double, of key: String, given: Double) throws {
    guard inScale == .infinity && given == .infinity || SinglePrecision.holds(inScale) else {
      throw PrecisionError.number(key: key, given: given, inScale: inScale)
    }
  }

  /// Throws a ``PrecisionError`` where no particle can move as far as float32 tells two positions apart, a diameter from
  /// the origin.
  package static func requireMotion(lipschitz: Double, timeStep: Double, steps: Int, diameter: Double) throws {
    let reach = lipschitz * timeStep * Double(steps) / diameter
    guard reach >= Double(Float.ulpOfOne) / 2 else { throw PrecisionError.motion(diameters: reach) }
  }
}
