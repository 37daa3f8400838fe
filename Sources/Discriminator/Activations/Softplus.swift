import Glibc
import Numerics

/// log(1 + exp(z)).
package struct Softplus: PointwiseActivation {
  /// The word that chooses it in a deck.
  package static let name = "softplus"

  /// The activation and its derivative.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, kept: Vector) {
    let e = z.magnitudes.map { expf(-$0) }
    let small = e / (1 + e)
    return (
      z.replacing(with: 0, where: z .< 0) + e.map { log1pf($0) }, small.replacing(with: 1 - small, where: z .>= 0)
    )
  }
}
