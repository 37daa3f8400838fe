import Numerics
import Parameters

/// The function of a hidden layer: of single values, or of pairs of values. It is computed on the tiles of the layer's matrix
/// product while they are in registers.
///
/// A new one is a ``PointwiseActivation`` or a ``PairedActivation``, which bring the kernels along.
package protocol Activation: Variant {
  /// Whether columns i and i + width/2 are worked on together; the widths must then be even.
  static var isPaired: Bool { get }
  /// Whether what it saves for the backward pass is its value, so that nothing else is stored.
  static var savesValue: Bool { get }
  /// Whether a smoothing rounds its kinks.
  static var isSmoothed: Bool { get }
  /// Whether its smoothing is left to the data and not known yet.
  var isAutomatic: Bool { get }
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
  package static var isSmoothed: Bool { false }
  package var isAutomatic: Bool { false }
  package func smoothed(_ smoothing: Double) -> any Activation { self }
}

/// All activations.
package let activations: [any Activation.Type] = [
  ReLU.self, LeakyReLU.self, SmoothReLU.self, Softplus.self, ELU.self, MaxMin.self, SmoothMaxMin.self,
]
