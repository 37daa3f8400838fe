import Numerics
import Parameters

/// max_min with |t| smoothed to sqrt(t^2 + eps^2) - eps.
public struct SmoothMaxMin: PairedActivation {
  /// The word that chooses it in a deck.
  public static let name = "smooth_max_min"

  /// eps, the rounding of the kink.
  public let smoothing: Double

  enum CodingKeys: String, CodingKey { case smoothing }

  /// Whether a smoothing rounds its kinks.
  public static let isSmoothed = true

  /// An activation of this smoothing, above 0.
  public init(smoothing: Double) { self.smoothing = smoothing }

  /// Reads it from a deck; a smoothing left to the data is 0.5 until it is known.
  public init(from decoder: any Decoder) throws {
    smoothing = try decoder.container(keyedBy: CodingKeys.self).smoothing(.smoothing, default: .number(0.5)).number {
      0.5
    }
  }

  /// The same with another smoothing.
  public func smoothed(_ smoothing: Double) -> any Activation { SmoothMaxMin(smoothing: smoothing) }

  /// The smoothed |t| and its derivative.
  @inline(__always)
  public func half(_ t: Vector) -> (value: Vector, slope: Vector) {
    let eps = Float(smoothing), root = t.times(t, plus: Vector(repeating: eps * eps)).squareRoots
    return (root - eps, t / root)
  }
}
