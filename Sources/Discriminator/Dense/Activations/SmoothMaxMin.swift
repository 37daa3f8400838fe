import Numerics
import Parameters

/// max_min with |t| smoothed to sqrt(t^2 + eps^2) - eps.
package struct SmoothMaxMin: PairedActivation, SmoothedActivation {
  package static let name = "smooth_max_min"

  /// eps, the rounding of the kink.
  package var smoothing = AutomaticNumber.automatic { didSet { eps = rounding } }
  private var eps: Float = 0.5

  package init() {}

  /// The smoothed |t| and its derivative.
  @inline(__always)
  package func half(_ t: Vector) -> (value: Vector, slope: Vector) {
    let root = t.times(t, plus: Vector(repeating: eps * eps)).squareRoots
    return (root - eps, t / root)
  }
}
