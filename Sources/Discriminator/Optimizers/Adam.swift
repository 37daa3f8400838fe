import Glibc

/// Adam (Kingma and Ba 2015) with bias correction, beta1 0.9, beta2 0.999, epsilon 1e-8, in float64.
struct Adam: Optimizer {
  private let learningRate: Double
  private var step = 0
  private var first: [Double]
  private var second: [Double]

  init(count: Int, learningRate: Double) {
    self.learningRate = learningRate
    first = [Double](repeating: 0, count: count)
    second = first
  }

  mutating func reset() {
    step = 0
    for i in first.indices {
      first[i] = 0
      second[i] = 0
    }
  }

  /// The number of steps, then both moments.
  var state: [Double] { [Double(step)] + first + second }

  mutating func restore(_ state: [Double]) {
    precondition(state.count == 1 + 2 * first.count, "two moments per parameter")
    step = Int(state[0])
    second = Array(state.suffix(second.count))
    first = Array(state[1...first.count])
  }

  mutating func direct(_ gradient: UnsafeMutableBufferPointer<Double>) {
    step += 1
    let rate = learningRate / (1 - pow(0.9, Double(step))), correction = 1 / (1 - pow(0.999, Double(step)))
    // Buffers without checks in the loop, so that it is done by whole vectors.
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        for i in 0..<gradient.count {
          let g = gradient[i]
          let m = 0.9 * first[i] + 0.1 * g, v = 0.999 * second[i] + 0.001 * g * g
          first[i] = m
          second[i] = v
          gradient[i] = rate * m / ((v * correction).squareRoot() + 1e-8)
        }
      }
    }
  }
}
