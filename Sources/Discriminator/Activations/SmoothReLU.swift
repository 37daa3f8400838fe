import Numerics
import Parameters

/// The smooth ReLU of eq. 50: 0 below 0, z - eps from 2 eps on, and between them
/// z^2/(4 eps) + eps (cos(pi z/eps) - 1) / (2 pi^2).
public struct SmoothReLU: Activation {
  /// The word that chooses it in a deck.
  public static let name = "smooth_relu"

  /// eps, half the width of the blend.
  public let smoothing: Double

  enum CodingKeys: String, CodingKey { case smoothing }

  /// Reads it from a deck; absent keys take their defaults.
  public init(from decoder: any Decoder) throws {
    smoothing = try decoder.container(keyedBy: CodingKeys.self).positive(.smoothing, default: 0.5)
  }

  /// The activation and its derivative.
  public func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    let eps = Float(smoothing), inverse = 1 / eps, quarter = 0.25 * inverse, half = 0.5 * inverse
    let blend = eps / (2 * Float.pi * Float.pi), sine = 1 / (2 * Float.pi)
    for i in 0..<rows * width {
      let z = values[i]
      let t = z * inverse
      let (s, c) = Elementwise.sineAndCosineOfTurns(t > 0 ? (t < 2 ? t : 2) : 0)
      let middle = z * z * quarter + blend * (c - 1)
      let slope = z * half - sine * s
      let isBeyond = z >= 2 * eps
      slopes[i] = z < 0 ? 0 : (isBeyond ? 1 : slope)
      values[i] = z < 0 ? 0 : (isBeyond ? z - eps : middle)
    }
  }
}
