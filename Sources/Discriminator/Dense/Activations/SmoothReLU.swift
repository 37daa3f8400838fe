import Numerics
import Parameters

/// The smooth ReLU of eq. 50: 0 below 0, z - eps from 2 eps on, and between them
/// z^2/(4 eps) + eps (cos(pi z/eps) - 1) / (2 pi^2).
package struct SmoothReLU: PointwiseActivation, SmoothedActivation {
  package static let name = "smooth_relu"

  /// eps, half the width of the blend.
  package var smoothing = AutomaticNumber.automatic { didSet { eps = rounding } }
  private var eps: Float = 0.5

  package init() {}

  /// The activation and its derivative.
  ///
  /// Both follow from the distance m of z/(2 eps) from the nearer end of [0, 1]: with u = m^2 the slope is m u p(u) in the
  /// lower half and 1 - m u p(u) in the upper, p = (m - sin(2 pi m)/(2 pi))/m^3, and the value over 2 eps is u^2 q(u),
  /// q = (m^2/2 + (cos(2 pi m) - 1)/(4 pi^2))/m^4, plus what z/(2 eps) lies above the middle. The factors of m keep the small
  /// slopes near 0 right, of which Adam would make whole steps. p and q are minimax fits, relative errors below 2e-7.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, saved: Vector) {
    let centred = z.times(Vector(repeating: 0.5 / eps), plus: Vector(repeating: -0.5)),
      inside = 0.5 - centred.magnitudes
    let m = inside.replacing(with: 0, where: inside .< 0), u = m * m
    var p = Vector(repeating: 2.0426452), q = Vector(repeating: 0.17445620)
    p = p.times(u, plus: Vector(repeating: -6.6148969))
    q = q.times(u, plus: Vector(repeating: -0.66377523))
    p = p.times(u, plus: Vector(repeating: 12.200877))
    q = q.times(u, plus: Vector(repeating: 1.5255066))
    p = p.times(u, plus: Vector(repeating: -12.987641))
    q = q.times(u, plus: Vector(repeating: -2.1646301))
    p = p.times(u, plus: Vector(repeating: 6.5797350))
    q = q.times(u, plus: Vector(repeating: 1.6449340))
    let slope = m * u * p, above = centred.replacing(with: 0, where: centred .< 0)
    return (
      (u * u).times(q, plus: above) * (2 * eps), slope.replacing(with: 1 - slope, where: centred .> 0)
    )
  }
}
