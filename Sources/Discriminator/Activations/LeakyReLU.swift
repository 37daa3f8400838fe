import Numerics

/// z above zero, 0.2 z below.
package struct LeakyReLU: PointwiseActivation {
  /// The word that chooses it in a deck.
  package static let name = "leaky_relu"
  /// The value tells the derivative.
  package static let keepsValue = true

  /// The activation.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, kept: Vector) {
    let value = z * slope(kept: z)
    return (value, value)
  }

  /// The derivative.
  @inline(__always)
  package func slope(kept: Vector) -> Vector { Vector(repeating: 0.2).replacing(with: 1, where: kept .> 0) }
}
