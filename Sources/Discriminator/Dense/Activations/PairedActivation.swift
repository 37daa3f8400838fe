import Numerics

/// An activation of pairs (up, down) of the form mean + g(t), mean - g(t), t half their difference; it keeps g'(t).
package protocol PairedActivation: Activation {
  /// g(t) and g'(t).
  func half(_ t: Vector) -> (value: Vector, slope: Vector)
}

extension PairedActivation {
  /// Whether columns are worked on in pairs.
  package static var isPaired: Bool { true }
  /// Whether what is saved is the value.
  package static var savesValue: Bool { false }

  /// The layer's output.
  package func forward(_ layer: LayerProduct) { layer.run(PairedForward(activation: self, layer: layer)) }

  /// The gradient with respect to the argument.
  package func backward(_ layer: LayerProduct) { layer.run(PairedBackward(layer: layer)) }

  /// The gradient with respect to the last hidden argument.
  package func startBackward(_ layer: LayerProduct) { layer.repeatRow(PairedBackward(layer: layer)) }
}

private struct PairedForward<A: PairedActivation>: TileFinish {
  let activation: A
  let layer: LayerProduct

  @inline(__always)
  func panel(_ up: Vector, _ down: Vector, at place: Int) {
    let mean = 0.5 * (up + down)
    let (value, slope) = activation.half(0.5 * (up - down))
    (mean + value).store(layer.output + place)
    (mean - value).store(layer.output + place + Vector.lanes)
    slope.store(layer.saved + place)
  }

  // A pair fills a panel, see ColumnOrder.
  func halfPanel(_ value: Vector, at place: Int) {}
}

private struct PairedBackward: TileFinish {
  let layer: LayerProduct

  @inline(__always)
  func panel(_ up: Vector, _ down: Vector, at place: Int) {
    let sum = 0.5 * (up + down), difference = 0.5 * Vector(layer.saved + place) * (up - down)
    (sum + difference).store(layer.output + place)
    (sum - difference).store(layer.output + place + Vector.lanes)
  }

  func halfPanel(_ value: Vector, at place: Int) {}
}
