import Numerics

/// max_min with |t| smoothed to sqrt(t^2 + eps^2) - eps.
package struct SmoothMaxMin: PairedActivation, SmoothedActivation {
  /// The word that chooses it in a deck.
  package static let name = "smooth_max_min"

  /// eps, the rounding of the kink.
  package let smoothing: Double

  /// An activation of this smoothing, above 0.
  package init(smoothing: Double) { self.smoothing = smoothing }

  /// The smoothed |t| and its derivative.
  @inline(__always)
  package func half(_ t: Vector) -> (value: Vector, slope: Vector) {
    let eps = Float(smoothing), root = t.times(t, plus: Vector(repeating: eps * eps)).squareRoots
    return (root - eps, t / root)
  }
}
