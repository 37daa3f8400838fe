import Glibc
import Numerics

/// z above zero, exp(z) - 1 below.
package struct ELU: PointwiseActivation {
  package static let name = "elu"

  package init() {}

  /// The activation and its derivative.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, saved: Vector) {
    let below = z.replacing(with: 0, where: z .> 0).map { expm1f($0) }
    return (z.replacing(with: below, where: z .< 0), (below + 1).replacing(with: 1, where: z .> 0))
  }
}
