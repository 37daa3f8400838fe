import Numerics
import Parameters

/// What a hidden layer applies to its values, element by element or pair by pair, as tiles leave the product.
///
/// A new one is a ``PointwiseActivation`` or a ``PairedActivation``, which bring the kernels along.
package protocol Activation: Variant {
  /// Whether columns i and i + width/2 are worked on together; the widths must then be even.
  static var isPaired: Bool { get }
  /// Whether what it keeps for the way back is its value, so that nothing else is stored.
  static var keepsValue: Bool { get }
  /// Whether a smoothing rounds its kinks.
  static var isSmoothed: Bool { get }
  /// The same activation with another smoothing; itself where it has none.
  func smoothed(_ smoothing: Double) -> any Activation
  /// Computes a hidden layer's output from the product of its input.
  func forward(_ layer: LayerProduct)
  /// Computes the gradient with respect to a hidden layer's argument from the product that gives the one with respect to
  /// its output.
  func backward(_ layer: LayerProduct)
  /// The same for the last hidden layer, whose output has the same gradient for every point.
  func startBackward(_ layer: LayerProduct)
}

extension Activation {
  /// Most have none.
  package static var isSmoothed: Bool { false }
  /// The activation itself.
  package func smoothed(_ smoothing: Double) -> any Activation { self }
}

/// All activations.
package let activations: [any Activation.Type] = [
  ReLU.self, LeakyReLU.self, SmoothReLU.self, Softplus.self, ELU.self, MaxMin.self, SmoothMaxMin.self,
]
