import Numerics

/// An activation of single numbers.
package protocol PointwiseActivation: Activation {
  /// The activation of z, and what its slope can be told from.
  func value(_ z: Vector) -> (value: Vector, saved: Vector)
  /// The derivative, from what was saved.
  func slope(saved: Vector) -> Vector
}

extension PointwiseActivation {
  /// Whether columns are worked on in pairs.
  package static var isPaired: Bool { false }
  /// Whether what is saved is the value.
  package static var savesValue: Bool { false }
  /// What was saved is the derivative.
  @inline(__always)
  package func slope(saved: Vector) -> Vector { saved }

  /// The layer's output.
  package func forward(_ layer: LayerProduct) { layer.run(PointwiseForward(activation: self, layer: layer)) }

  /// The gradient with respect to the argument.
  package func backward(_ layer: LayerProduct) { layer.run(PointwiseBackward(activation: self, layer: layer)) }

  /// The gradient with respect to the last hidden argument.
  package func startBackward(_ layer: LayerProduct) {
    layer.repeatRow(PointwiseBackward(activation: self, layer: layer))
  }
}

private struct PointwiseForward<A: PointwiseActivation>: TileFinish {
  let activation: A
  let layer: LayerProduct

  @inline(__always)
  func panel(_ left: Vector, _ right: Vector, at place: Int) {
    halfPanel(left, at: place)
    halfPanel(right, at: place + Vector.lanes)
  }

  @inline(__always)
  func halfPanel(_ z: Vector, at place: Int) {
    let (value, saved) = activation.value(z)
    value.store(layer.output + place)
    if !A.savesValue { saved.store(layer.saved + place) }
  }
}

private struct PointwiseBackward<A: PointwiseActivation>: TileFinish {
  let activation: A
  let layer: LayerProduct

  @inline(__always)
  func panel(_ left: Vector, _ right: Vector, at place: Int) {
    halfPanel(left, at: place)
    halfPanel(right, at: place + Vector.lanes)
  }

  @inline(__always)
  func halfPanel(_ gradient: Vector, at place: Int) {
    (gradient * activation.slope(saved: Vector(layer.saved + place))).store(layer.output + place)
  }
}
