import Numerics

/// The larger of columns i and i + width/2, then the smaller: a permutation, so it keeps lengths (Anil, Lucas, Grosse,
/// "Sorting out Lipschitz function approximation", 2019).
package struct MaxMin: PairedActivation {
  package static let name = "max_min"

  package init() {}

  /// |t| and its derivative.
  @inline(__always)
  package func half(_ t: Vector) -> (value: Vector, slope: Vector) {
    (t.magnitudes, Vector.zero.replacing(with: 1, where: t .> 0).replacing(with: -1, where: t .< 0))
  }
}
