/// Maximises smooth concave functions by limited-memory BFGS (Liu and Nocedal 1989; Nocedal and Wright, algorithm 7.4) with
/// halved steps until the value has risen enough.
public struct QuasiNewton {
  /// Where it is.
  public private(set) var x: [Double]
  private let memory: Int
  private var steps: [(s: [Double], y: [Double], product: Double)] = []

  /// A search from a start, which remembers so many steps.
  public init(start: [Double], memory: Int = 20) {
    x = start
    self.memory = memory
  }

  /// Makes up to `iterations` steps; ends before where none raises the value or `isDone`, asked after each, says so.
  /// `evaluate` returns the value at x and writes the gradient.
  public mutating func maximise(
    iterations: Int, evaluate: (_ x: [Double], _ gradient: inout [Double]) -> Double, isDone: () -> Bool
  ) {
    steps.removeAll(keepingCapacity: true)
    var gradient = [Double](repeating: 0, count: x.count), next = gradient
    var value = evaluate(x, &gradient)
    for _ in 0..<iterations {
      if isDone() { return }
      var direction = self.direction(gradient)
      var slope = Self.product(direction, gradient)
      if !(slope > 0) {
        steps.removeAll(keepingCapacity: true)
        direction = gradient
        slope = Self.product(gradient, gradient)
      }
      guard slope > 0 else { return }
      var length = steps.isEmpty ? min(1, 1 / slope.squareRoot()) : 1, isFound = false
      for _ in 0..<40 {
        let place = zip(x, direction).map { $0 + length * $1 }, found = evaluate(place, &next)
        if found >= value + 1e-4 * length * slope {
          remember(s: zip(place, x).map { $0 - $1 }, y: zip(gradient, next).map { $0 - $1 })
          (x, value) = (place, found)
          swap(&gradient, &next)
          isFound = true
          break
        }
        length *= 0.5
      }
      guard isFound else {
        if steps.isEmpty { return }
        steps.removeAll(keepingCapacity: true)
        continue
      }
    }
  }

  /// The gradient times the inverse of the curvature that the remembered steps have seen.
  private func direction(_ gradient: [Double]) -> [Double] {
    var q = gradient
    var factors: [Double] = []
    for step in steps.reversed() {
      let factor = Self.product(step.s, q) / step.product
      for i in q.indices { q[i] -= factor * step.y[i] }
      factors.append(factor)
    }
    if let last = steps.last {
      let scale = last.product / Self.product(last.y, last.y)
      for i in q.indices { q[i] *= scale }
    }
    for (step, factor) in zip(steps, factors.reversed()) {
      let correction = factor - Self.product(step.y, q) / step.product
      for i in q.indices { q[i] += correction * step.s[i] }
    }
    return q
  }

  private mutating func remember(s: [Double], y: [Double]) {
    let product = Self.product(s, y)
    guard product > 1e-14 * (Self.product(s, s) * Self.product(y, y)).squareRoot() else { return }
    if steps.count == memory { steps.removeFirst() }
    steps.append((s, y, product))
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
