import Numerics

/// max(z, 0).
package struct ReLU: PointwiseActivation {
  package static let name = "relu"
  /// The value tells the derivative.
  package static let savesValue = true

  package init() {}

  /// The activation. Not max(z, 0), which would turn a NaN into a zero.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, saved: Vector) {
    let value = z.replacing(with: 0, where: z .< 0)
    return (value, value)
  }

  /// The derivative.
  @inline(__always)
  package func slope(saved: Vector) -> Vector { Vector.zero.replacing(with: 1, where: saved .> 0) }
}
