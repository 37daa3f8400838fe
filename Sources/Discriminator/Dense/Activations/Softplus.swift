import Glibc
import Numerics

/// log(1 + exp(z)).
package struct Softplus: PointwiseActivation {
  package static let name = "softplus"

  package init() {}

  /// The activation and its derivative.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, saved: Vector) {
    let e = z.magnitudes.map { expf(-$0) }
    let small = e / (1 + e)
    return (
      z.replacing(with: 0, where: z .< 0) + e.map { log1pf($0) }, small.replacing(with: 1 - small, where: z .>= 0)
    )
  }
}
