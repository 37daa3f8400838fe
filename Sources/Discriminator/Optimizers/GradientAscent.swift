/// Plain gradient ascent, called sgd in decks.
struct GradientAscent: Optimizer {
  var learningRate: Double

  mutating func reset() {}

  var state: [Double] { [] }

  mutating func restore(_ state: [Double]) {}

  mutating func makeStep(from gradient: UnsafeMutableBufferPointer<Double>) {
    for i in gradient.indices { gradient[i] *= learningRate }
  }
}
