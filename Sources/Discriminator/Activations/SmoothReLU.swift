import Numerics

/// The smooth ReLU of eq. 50: 0 below 0, z - eps from 2 eps on, and between them
/// z^2/(4 eps) + eps (cos(pi z/eps) - 1) / (2 pi^2).
public struct SmoothReLU: PointwiseActivation, SmoothedActivation {
  /// The word that chooses it in a deck.
  public static let name = "smooth_relu"

  /// eps, half the width of the blend.
  public let smoothing: Double

  /// An activation of this smoothing, above 0.
  public init(smoothing: Double) { self.smoothing = smoothing }

  /// The activation and its derivative.
  ///
  /// With y = z/eps - 1 cut off to [-1, 1] and u = y^2 the slope is 1/2 + y p(u), p = 1/2 + sin(pi y)/(2 pi y), and the
  /// value over eps is y/2 + q(u), q = 1/4 + u/4 - (1 + cos(pi y))/(2 pi^2), plus what of z/eps lies above 2. The
  /// coefficients of p and q are minimax fits that are exact at u = 1, so that both branches are met; errors of slope and
  /// value over eps stay below 1.5e-7.
  @inline(__always)
  public func value(_ z: Vector) -> (value: Vector, kept: Vector) {
    let eps = Float(smoothing), half = Vector(repeating: 0.5)
    let scaled = z.times(Vector(repeating: 1 / eps), plus: Vector(repeating: -1))
    let above = scaled.replacing(with: -1, where: scaled .< -1), y = above.replacing(with: 1, where: above .> 1)
    let u = y * y
    var p = Vector(repeating: -9.5067889e-4), q = Vector(repeating: 1.0385829e-3)
    p = p.times(u, plus: Vector(repeating: 0.012801255))
    q = q.times(u, plus: Vector(repeating: -0.011625513))
    p = p.times(u, plus: Vector(repeating: -0.095212825))
    q = q.times(u, plus: Vector(repeating: 0.067491852))
    p = p.times(u, plus: Vector(repeating: 0.40582350))
    q = q.times(u, plus: Vector(repeating: -0.20558067))
    p = p.times(u, plus: Vector(repeating: -0.82246101))
    q = q.times(u, plus: Vector(repeating: 0.49999687))
    p = p.times(u, plus: Vector(repeating: 0.99999976))
    q = q.times(u, plus: Vector(repeating: 0.14867885))
    return ((q + y.times(-half, plus: above)) * eps, y.times(p, plus: half))
  }
}
