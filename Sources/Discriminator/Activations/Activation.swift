import Numerics
import Parameters

/// What a hidden layer applies to its values, element by element or pair by pair, as tiles leave the product.
///
/// A new one is a ``PointwiseActivation`` or a ``PairedActivation``, which bring the kernels along.
public protocol Activation: Variant {
  /// Whether columns i and i + width/2 are worked on together; the widths must then be even.
  static var isPaired: Bool { get }
  /// Whether what it keeps for the way back is its value, so that nothing else is stored.
  static var keepsValue: Bool { get }
  /// Computes a hidden layer's output from the product of its input.
  func forward(_ layer: LayerProduct)
  /// Computes the gradient with respect to a hidden layer's argument from the product that gives the one with respect to
  /// its output.
  func backward(_ layer: LayerProduct)
  /// The same for the last hidden layer, whose output has the same gradient for every point.
  func startBackward(_ layer: LayerProduct)
}

/// All activations.
public let activations: [any Activation.Type] = [
  ReLU.self, LeakyReLU.self, SmoothReLU.self, Softplus.self, ELU.self, MaxMin.self, SmoothMaxMin.self,
]

/// An activation of single numbers.
public protocol PointwiseActivation: Activation {
  /// The activation of z, and what its slope can be told from.
  func value(_ z: Vector) -> (value: Vector, kept: Vector)
  /// The derivative, from what was kept.
  func slope(kept: Vector) -> Vector
}

extension PointwiseActivation {
  /// Whether columns are worked on in pairs.
  public static var isPaired: Bool { false }
  /// Whether what is kept is the value.
  public static var keepsValue: Bool { false }
  /// What was kept is the derivative.
  @inline(__always)
  public func slope(kept: Vector) -> Vector { kept }

  /// The layer's output.
  public func forward(_ layer: LayerProduct) {
    @inline(__always) func put(_ z: Vector, _ place: Int) {
      let (value, kept) = value(z)
      value.store(layer.output + place)
      if !Self.keepsValue { kept.store(layer.kept + place) }
    }
    layer.run({ left, right, place in
      put(left, place)
      put(right, place + Vector.lanes)
    }, half: put)
  }

  @inline(__always)
  private func pullBack(_ gradient: Vector, _ place: Int, _ layer: LayerProduct) {
    (gradient * slope(kept: Vector(layer.kept + place))).store(layer.output + place)
  }

  /// The gradient with respect to the argument.
  public func backward(_ layer: LayerProduct) {
    layer.run({ left, right, place in
      pullBack(left, place, layer)
      pullBack(right, place + Vector.lanes, layer)
    }, half: { pullBack($0, $1, layer) })
  }

  /// The gradient with respect to the last hidden argument.
  public func startBackward(_ layer: LayerProduct) {
    layer.repeatRow({ left, right, place in
      pullBack(left, place, layer)
      pullBack(right, place + Vector.lanes, layer)
    }, half: { pullBack($0, $1, layer) })
  }
}

/// An activation of pairs (up, down) of the form mean + g(t), mean - g(t), t half their difference; it keeps g'(t).
public protocol PairedActivation: Activation {
  /// g(t) and g'(t).
  func half(_ t: Vector) -> (value: Vector, slope: Vector)
}

extension PairedActivation {
  /// Whether columns are worked on in pairs.
  public static var isPaired: Bool { true }
  /// Whether what is kept is the value.
  public static var keepsValue: Bool { false }

  /// The layer's output.
  public func forward(_ layer: LayerProduct) {
    layer.run({ up, down, place in
      let mean = 0.5 * (up + down)
      let (value, slope) = half(0.5 * (up - down))
      (mean + value).store(layer.output + place)
      (mean - value).store(layer.output + place + Vector.lanes)
      slope.store(layer.kept + place)
    }, half: { _, _ in })
  }

  @inline(__always)
  private func pullBack(_ up: Vector, _ down: Vector, _ place: Int, _ layer: LayerProduct) {
    let sum = 0.5 * (up + down), difference = 0.5 * Vector(layer.kept + place) * (up - down)
    (sum + difference).store(layer.output + place)
    (sum - difference).store(layer.output + place + Vector.lanes)
  }

  /// The gradient with respect to the argument.
  public func backward(_ layer: LayerProduct) {
    layer.run({ pullBack($0, $1, $2, layer) }, half: { _, _ in })
  }

  /// The gradient with respect to the last hidden argument.
  public func startBackward(_ layer: LayerProduct) {
    layer.repeatRow({ pullBack($0, $1, $2, layer) }, half: { _, _ in })
  }
}
