/// What turns a gradient of ascent into a step. A value per parameter; the last place is the shift nu.
package protocol Optimizer {
  /// The length of steps.
  var learningRate: Double { get set }
  /// Forgets the moments.
  mutating func reset()
  /// Replaces a gradient by the step to add.
  mutating func makeStep(from gradient: UnsafeMutableBufferPointer<Double>)
  /// All that it remembers from step to step; of a length that never changes.
  var state: [Double] { get }
  /// Goes on from a ``state`` of the same length.
  mutating func restore(_ state: [Double])
}

/// The optimizers a deck can choose.
package enum OptimizerKind: String, Sendable, CaseIterable {
  case adam, sgd

  /// The optimizer for a number of parameters.
  package func make(count: Int, learningRate: Double) -> any Optimizer {
    switch self {
    case .adam: Adam(count: count, learningRate: learningRate)
    case .sgd: GradientAscent(learningRate: learningRate)
    }
  }
}
