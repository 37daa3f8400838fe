import Divergence
import Foundation
import Testing

@Suite struct ConjugateTests {
  static var kinds: [(f: any FDivergence, generator: @Sendable (Double) -> Double)] {
    get throws {
      var alpha = AlphaDivergence()
      alpha.alpha = 3
      return [
        (KullbackLeibler(), { $0 * log($0) - $0 + 1 }), (alpha, { (pow($0, 3) - 1) / 6 }),
        (ReverseKullbackLeibler(), { -log($0) }),
        (JensenShannon(), { $0 * log($0) - ($0 + 1) * log(($0 + 1) / 2) }),
      ]
    }
  }

  /// f*(y) is sup_x (x y - f(x)), its slope is its derivative, and the slope at the centre is 1.
  @Test func conjugates() throws {
    for (f, generator) in try Self.kinds {
      for y in [f.centre - 0.7, f.centre - 0.1, f.centre, f.centre + 0.3] {
        let (value, slope) = f.conjugate(y), h = 1e-5
        let difference = (f.conjugate(y + h).value - f.conjugate(y - h).value) / (2 * h)
        #expect(abs(slope - difference) < 1e-5 * max(1, slope), "\(f) at \(y)")
        let supremum = (1...40_000).map { x in Double(x) * 2.5e-4 * y - generator(Double(x) * 2.5e-4) }.max() ?? 0
        #expect(abs(value - supremum) < 1e-3, "\(f) at \(y)")
      }
      #expect(abs(f.conjugate(f.centre).slope - 1) < 1e-12)
    }
  }

  /// f is what its conjugate says: f(x) + f*(y) = x y where x is the slope of f* at y.
  @Test func generators() throws {
    for (f, generator) in try Self.kinds {
      for x in [0.1, 0.7, 1, 3] { #expect(abs(f.value(x) - generator(x)) < 1e-12) }
      let (conjugate, slope) = f.conjugate(f.centre - 0.2)
      #expect(abs(f.value(slope) + conjugate - slope * (f.centre - 0.2)) < 1e-12)
    }
  }

  /// The best shift leaves no slope, and no other shift does better.
  @Test func bestShift() throws {
    let phi = [0.3, -1, 2.5, 0.25, 0.2, -7]
    for (f, _) in try Self.kinds {
      var slopes = [Double](repeating: 0, count: phi.count)
      let (value, nu) = phi.withUnsafeBufferPointer { f.bestShift($0, slopes: &slopes) }
      #expect(abs(slopes.reduce(0, +) / 6 - 1) < 1e-9)
      for other in [nu - 0.1, nu - 1e-3, nu + 1e-3, nu + 0.1]
      where phi.allSatisfy({ $0 - other < f.argument(ofRatio: 6) }) {
        #expect(other + phi.reduce(0) { $0 + f.conjugate($1 - other).value } / 6 >= value)
      }
    }
    let closed = log(phi.reduce(0) { $0 + exp($1) } / 6)
    #expect(abs(phi.withUnsafeBufferPointer { KullbackLeibler().bestShift($0).value } - closed) < 1e-12)
  }

  /// Beyond the edge of the domain the weights are finite and do not fall.
  @Test func continuation() {
    for f in [ReverseKullbackLeibler(), JensenShannon()] as [any FDivergence] {
      let objective = Objective(divergence: f, formulation: .legendre, direction: .forward, referenceCount: 50)
      let phi: [Float] = [-3, -1, -0.5, -0.1, 0, 0.3, 0.69, 0.7, 2, 50]
      var weights = [Float](repeating: 0, count: phi.count)
      let (values, slopes) = objective.weigh(phi, count: phi.count, into: &weights)
      #expect(values.isFinite && slopes.isFinite)
      #expect(zip(weights, weights.dropFirst()).allSatisfy { $0 <= $1 })
      #expect((weights.max() ?? 0) <= 50.01)
    }
  }

  @Test func donskerVaradhan() {
    var objective = Objective(
      divergence: KullbackLeibler(), formulation: .donskerVaradhan, direction: .forward, referenceCount: 4)
    let phi: [Float] = [0.5, -1, 2, 0.25]
    objective.start(largest: 2)
    var weights = [Float](repeating: 0, count: 4)
    let (values, slopes) = objective.weigh(phi, count: 4, into: &weights)
    let outcome = objective.evaluate(meanOfNumerator: 1.5, values: values, slopes: slopes, referenceCount: 4)
    let expected = 1.5 - log(phi.reduce(0) { $0 + exp(Double($1)) } / 4)
    #expect(abs(outcome.divergence - expected) < 1e-6)
  }

  /// A shift that phi has left behind, however far, is found out from finite sums; what is not a number stays one.
  @Test(arguments: [45, 70, 100, 1e4, 1e30] as [Float], [1, 9])
  func shiftLeftBehind(ahead: Float, count: Int) {
    var objective = Objective(
      divergence: KullbackLeibler(), formulation: .donskerVaradhan, direction: .forward, referenceCount: count)
    objective.start(largest: 0)
    var phi = [Float](repeating: -3, count: count), weights = phi
    phi[count - 1] = ahead
    let (values, slopes) = objective.weigh(phi, count: count, into: &weights)
    #expect(values.isFinite && weights.allSatisfy { $0.isFinite })
    #expect(objective.evaluate(meanOfNumerator: 0, values: values, slopes: slopes, referenceCount: count).shiftFailed)
    phi[0] = .nan
    #expect(objective.weigh(phi, count: count, into: &weights).values.isNaN)
  }
}
