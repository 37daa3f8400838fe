import Numerics

/// A dense network phi: R^d -> R: layers W, b of shapes (in, out) and (out), an activation after all but the last.
///
/// All parameters lie in one piece of memory, weight_0, bias_0, weight_1, ..., each row-major. `stored` is what the
/// optimizer moves; `effective` is what the layers multiply with: the same numbers, save where the constraint puts a
/// function between them.
package final class Network {
  /// The widths from the input's dimension through the hidden layers to 1.
  package let widths: [Int]
  /// The activation of the hidden layers.
  package let activation: any Activation
  /// The constraint that bounds the Lipschitz constant.
  package let constraint: any Constraint
  /// The Lipschitz constant; infinity lifts the constraint.
  package let lipschitz: Double
  /// Where each layer's weight begins, in elements.
  package let weightOffsets: [Int]
  /// Where each layer's bias begins, in elements.
  package let biasOffsets: [Int]
  /// The number of parameters.
  package let parameterCount: Int
  /// The parameters that the optimizer moves.
  package let stored: UnsafeMutablePointer<Float>
  /// The parameters that the layers use.
  package let effective: UnsafeMutablePointer<Float>

  /// The working memory of the constraint.
  let singularValues: SingularValues
  let stiefelManifold: StiefelManifold

  /// Counts the changes of `effective`, so that copies of it know when they are old.
  package private(set) var generation = 0

  /// A network whose parameters are zero; fill `stored`, then call ``constrain()``.
  package init(
    dimension: Int, hidden: [Int], activation: any Activation, constraint: any Constraint, lipschitz: Double
  ) {
    widths = [dimension] + hidden + [1]
    self.activation = activation
    self.constraint = lipschitz.isFinite ? constraint : Unconstrained()
    self.lipschitz = lipschitz
    var weights: [Int] = [], biases: [Int] = [], next = 0
    for (rows, columns) in zip(widths, widths.dropFirst()) {
      weights.append(next)
      biases.append(next + rows * columns)
      next += (rows + 1) * columns
    }
    weightOffsets = weights
    biasOffsets = biases
    parameterCount = next
    stored = alignedMemory(of: Float.self, count: next)
    effective = alignedMemory(of: Float.self, count: next)
    let shapes = zip(widths, widths.dropFirst()).map { (rows: $0, columns: $1) }
    singularValues = SingularValues(shapes: shapes)
    stiefelManifold = StiefelManifold(shapes: self.constraint is Orthonormal ? shapes : [])
  }

  deinit {
    stored.deallocate()
    effective.deallocate()
  }

  /// The number of layers.
  package var layers: Int { weightOffsets.count }

  /// Starts as He et al. 2015 for rectifiers: weights normal with variance 2/in, biases zero.
  package func initialise(from numbers: RandomNumbers) {
    for layer in 0..<layers {
      let rows = widths[layer], columns = widths[layer + 1], deviation = (2 / Double(rows)).squareRoot()
      var stream = numbers.stream(layer)
      for i in 0..<rows * columns { stored[weightOffsets[layer] + i] = Float(deviation * stream.normal()) }
      for i in 0..<columns { stored[biasOffsets[layer] + i] = 0 }
    }
  }

  /// Puts the start onto the constraint.
  package func constrain() {
    constraint.begin(self)
    refresh()
  }

  /// Makes `effective` what `stored` says.
  func refresh() {
    effective.update(from: stored, count: parameterCount)
    constraint.fillEffective(self)
    effectiveChanged()
  }

  /// To be called after `effective` was written to.
  package func effectiveChanged() { generation += 1 }

  /// A copy of the parameters.
  package func snapshot() -> [Float] { Array(UnsafeBufferPointer(start: stored, count: parameterCount)) }

  /// Takes parameters back.
  package func restore(_ parameters: [Float]) {
    for i in 0..<parameterCount { stored[i] = parameters[i] }
    refresh()
  }

  /// The parameters by name, with shapes: weight_0 (in, out), bias_0 (out), ...
  package func arrays(of parameters: [Float]) -> [(name: String, shape: [Int], values: [Float])] {
    (0..<layers).flatMap { layer -> [(name: String, shape: [Int], values: [Float])] in
      let weight = weightOffsets[layer], bias = biasOffsets[layer], columns = widths[layer + 1]
      return [
        ("weight_\(layer)", [widths[layer], columns], Array(parameters[weight..<bias])),
        ("bias_\(layer)", [columns], Array(parameters[bias..<bias + columns])),
      ]
    }
  }
}
