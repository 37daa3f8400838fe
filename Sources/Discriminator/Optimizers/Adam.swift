import Glibc
import Numerics

/// Adam (Kingma and Ba 2015) with bias correction, beta1 0.9, beta2 0.999, epsilon 1e-8, in float64.
final class Adam: Optimizer {
  private let count: Int
  var learningRate: Double
  private var step = 0
  private let first: UnsafeMutablePointer<Double>
  private let second: UnsafeMutablePointer<Double>

  init(count: Int, learningRate: Double) {
    self.count = count
    self.learningRate = learningRate
    first = alignedMemory(of: Double.self, count: count)
    second = alignedMemory(of: Double.self, count: count)
  }

  deinit {
    first.deallocate()
    second.deallocate()
  }

  func reset() {
    step = 0
    first.update(repeating: 0, count: count)
    second.update(repeating: 0, count: count)
  }

  /// The number of steps, then both moments.
  var state: [Double] {
    var state: [Double] = []
    state.reserveCapacity(1 + 2 * count)
    state.append(Double(step))
    for moments in [first, second] { state += UnsafeBufferPointer(start: moments, count: count) }
    return state
  }

  func restore(_ state: [Double]) {
    ensure(state.count == 1 + 2 * count, "two moments per parameter")
    step = Int(state[0])
    for i in 0..<count {
      first[i] = state[1 + i]
      second[i] = state[1 + count + i]
    }
  }

  func makeStep(from gradient: UnsafeMutableBufferPointer<Double>) {
    guard let g = gradient.baseAddress else { return }
    step += 1
    let rate = learningRate / (1 - pow(0.9, Double(step))), correction = 1 / (1 - pow(0.999, Double(step)))
    let lanes = DoubleVector.lanes, whole = count / lanes * lanes
    for i in stride(from: 0, to: whole, by: lanes) {
      let x = DoubleVector(g + i)
      let m = 0.9 * DoubleVector(first + i) + 0.1 * x, v = 0.999 * DoubleVector(second + i) + 0.001 * x * x
      m.store(first + i)
      v.store(second + i)
      (rate * m / ((v * correction).squareRoots + 1e-8)).store(g + i)
    }
    for i in whole..<count {
      first[i] = 0.9 * first[i] + 0.1 * g[i]
      second[i] = 0.999 * second[i] + 0.001 * g[i] * g[i]
      g[i] = rate * first[i] / ((second[i] * correction).squareRoot() + 1e-8)
    }
  }
}
