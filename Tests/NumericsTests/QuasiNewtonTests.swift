import Foundation
import Numerics
import Testing

@Suite struct QuasiNewtonTests {
  /// -sum_i c_i (x_i - i)^2 + coupling, whose curvatures lie a factor 10^4 apart, and a log-sum-exp beside it.
  @Test func findsTheMaximum() {
    let n = 30
    var search = QuasiNewton(start: [Double](repeating: 0, count: n))
    func evaluate(_ x: [Double], _ gradient: inout [Double]) -> Double {
      let exponentials = x.map { exp(0.1 * $0) }, sum = exponentials.reduce(0, +)
      var value = -log(sum)
      for i in 0..<n {
        let c = pow(10, 4 * Double(i) / Double(n)), d = x[i] - Double(i)
        value -= c * d * d
        gradient[i] = -2 * c * d - 0.1 * exponentials[i] / sum
      }
      return value
    }
    search.maximise(iterations: 2000, evaluate: evaluate, isDone: { false })
    var gradient = [Double](repeating: 0, count: n)
    _ = evaluate(search.x, &gradient)
    #expect(gradient.allSatisfy { abs($0) < 1e-6 })
  }
}
