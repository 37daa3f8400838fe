import Parameters

/// What a hidden layer applies to its values, element by element or pair by pair.
///
/// Both kernels work on `rows * width` contiguous numbers of one block and are called once a layer, never per element.
public protocol Activation: Variant {
  /// Whether columns i and i + width/2 are worked on together; the widths must then be even.
  static var isPaired: Bool { get }
  /// Replaces the values by the activation, and stores what the way back needs (the derivatives).
  func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int)
  /// Turns gradients with respect to the activation into gradients with respect to its argument.
  func pullBack(_ gradients: UnsafeMutablePointer<Float>, slopes: UnsafePointer<Float>, rows: Int, width: Int)
}

extension Activation {
  /// Whether columns are worked on in pairs.
  public static var isPaired: Bool { false }

  /// The gradient with respect to the argument.
  @inline(__always)
  public func pullBack(_ gradients: UnsafeMutablePointer<Float>, slopes: UnsafePointer<Float>, rows: Int, width: Int) {
    for i in 0..<rows * width { gradients[i] *= slopes[i] }
  }
}

/// All activations.
public let activations: [any Activation.Type] = [
  ReLU.self, LeakyReLU.self, SmoothReLU.self, Softplus.self, ELU.self, MaxMin.self, SmoothMaxMin.self,
]
