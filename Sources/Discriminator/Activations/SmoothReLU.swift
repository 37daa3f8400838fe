import Numerics
import Parameters

/// The smooth ReLU of eq. 50: 0 below 0, z - eps from 2 eps on, and between them
/// z^2/(4 eps) + eps (cos(pi z/eps) - 1) / (2 pi^2).
public struct SmoothReLU: PointwiseActivation {
  /// The word that chooses it in a deck.
  public static let name = "smooth_relu"

  /// eps, half the width of the blend.
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
  public func smoothed(_ smoothing: Double) -> any Activation { SmoothReLU(smoothing: smoothing) }

  /// The activation and its derivative.
  ///
  /// With y = z/eps - 1 cut off to [-1, 1] and u = y^2 the slope is (1 + y)/2 + sin(pi y)/(2 pi), and the blend over eps is
  /// (1 + y)^2/4 - (1 + cos(pi y))/(2 pi^2). The polynomials are least-squares fits in Chebyshev points to
  /// sin(pi y)/(y (1 - u)) and (1 + cos(pi y))/(1 - u)^2; absolute errors of slope and value stay below 1e-7.
  @inline(__always)
  public func value(_ z: Vector) -> (value: Vector, kept: Vector) {
    let eps = Float(smoothing), above = z - 2 * eps
    let inside = z.replacing(with: 0, where: z .< 0).replacing(with: 2 * eps, where: z .> 2 * eps)
    let y = inside.times(Vector(repeating: 1 / eps), plus: Vector(repeating: -1)), u = y * y, rest = 1 - u
    let half = (0.5 / eps) * inside
    var sine = Vector(repeating: 9.3827298e-4), cosine = Vector(repeating: -7.6371187e-5)
    sine = sine.times(u, plus: Vector(repeating: -0.011832060))
    cosine = cosine.times(u, plus: Vector(repeating: 1.1171998e-3))
    sine = sine.times(u, plus: Vector(repeating: 0.083354950))
    cosine = cosine.times(u, plus: Vector(repeating: -9.5768671e-3))
    sine = sine.times(u, plus: Vector(repeating: -0.32246093))
    cosine = cosine.times(u, plus: Vector(repeating: 0.047357207))
    sine = sine.times(u, plus: Vector(repeating: 0.49999986))
    cosine = cosine.times(u, plus: Vector(repeating: -0.10132118))
    let slope = (y * rest).times(sine, plus: half)
    let blend = (rest * rest).times(cosine, plus: half * half)
    return (blend.times(Vector(repeating: eps), plus: above.replacing(with: 0, where: above .< 0)), slope)
  }
}
