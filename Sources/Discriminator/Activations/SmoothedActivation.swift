import Parameters

/// An activation whose kinks are rounded over a width, its only parameter.
package protocol SmoothedActivation: Activation {
  /// eps, the width of the rounding.
  var smoothing: Double { get }
  /// An activation of this smoothing, above 0.
  init(smoothing: Double)
}

private enum CodingKeys: String, CodingKey { case smoothing }

extension SmoothedActivation {
  /// Whether a smoothing rounds its kinks.
  package static var isSmoothed: Bool { true }

  /// Reads it from a deck; a smoothing left to the data is 0.5 until it is known.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(smoothing: try values.smoothing(.smoothing, default: .number(0.5)).number { 0.5 })
  }

  /// The same with another smoothing.
  package func smoothed(_ smoothing: Double) -> any Activation { Self(smoothing: smoothing) }
}
