import Numerics

/// max(z, 0).
package struct ReLU: PointwiseActivation {
  /// The word that chooses it in a deck.
  package static let name = "relu"
  /// The value tells the derivative.
  package static let keepsValue = true

  /// The activation. Not max(z, 0), which would turn a NaN into a zero.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, kept: Vector) {
    let value = z.replacing(with: 0, where: z .< 0)
    return (value, value)
  }

  /// The derivative.
  @inline(__always)
  package func slope(kept: Vector) -> Vector { Vector.zero.replacing(with: 1, where: kept .> 0) }
}
