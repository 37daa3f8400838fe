import Parameters

/// An activation whose kinks are rounded over a width, its only parameter.
package protocol SmoothedActivation: Activation {
  /// eps, the width of the rounding, above 0; `auto` follows the target's diameter.
  var smoothing: AutomaticNumber { get set }
}

extension SmoothedActivation {
  package static var isSmoothed: Bool { true }
  package var isAutomatic: Bool { smoothing == .automatic }

  package static var keys: [Key<Self>] {
    [
      .automatic(
        "smoothing", \.smoothing, "the width over which kinks are rounded; auto: 0.03 diameters",
        allowed: SinglePrecision.allowed, otherwise: "auto; 0.5 with scale: none where the activation is given"
      ) { SinglePrecision.holds($0) }
    ]
  }

  package func smoothed(_ smoothing: Double) -> any Activation {
    var other = self
    other.smoothing = .number(smoothing)
    return other
  }

  /// eps for the kernels; 0.5 until a smoothing that is left to the data is known.
  var rounding: Float { Float(smoothing.number { 0.5 }) }
}
