import Numerics
import Parameters

/// max_min with |t| smoothed to sqrt(t^2 + eps^2) - eps.
public struct SmoothMaxMin: PairedActivation {
  /// The word that chooses it in a deck.
  public static let name = "smooth_max_min"

  /// eps, the rounding of the kink.
  public let smoothing: Double

  enum CodingKeys: String, CodingKey { case smoothing }

  /// Reads it from a deck; absent keys take their defaults.
  public init(from decoder: any Decoder) throws {
    smoothing = try decoder.container(keyedBy: CodingKeys.self).positive(.smoothing, default: 0.5)
  }

  /// The smoothed |t| and its derivative.
  @inline(__always)
  public func half(_ t: Vector) -> (value: Vector, slope: Vector) {
    let eps = Float(smoothing), root = t.times(t, plus: Vector(repeating: eps * eps)).squareRoots
    return (root - eps, t / root)
  }
}
