import Numerics
import Parameters

/// z above zero, leak z below.
package struct LeakyReLU: PointwiseActivation {
  package static let name = "leaky_relu"
  /// The value tells the derivative.
  package static let savesValue = true

  /// The slope below zero, from 0 to 1.
  package var leak = 0.2 { didSet { slopeBelow = Float(leak) } }
  private var slopeBelow: Float = 0.2

  package init() {}

  package static let keys: [Key<LeakyReLU>] = [
    .value("leak", \.leak, "the slope below zero", allowed: "a number from 0 to 1") { (0...1).contains($0) }
  ]

  /// The activation.
  @inline(__always)
  package func value(_ z: Vector) -> (value: Vector, saved: Vector) {
    let value = z * slope(saved: z)
    return (value, value)
  }

  /// The derivative.
  @inline(__always)
  package func slope(saved: Vector) -> Vector { Vector(repeating: slopeBelow).replacing(with: 1, where: saved .> 0) }
}
