import Divergence
import Numerics

/// What a function that nothing is trained for tells of particles and targets: half of the mean distance to the target less
/// that to the particles. It is 1-Lipschitz and tells any two distributions apart (Szekely and Rizzo 2013), so that its
/// multiples up to L bound the divergence from below.
package struct Witness: Sendable {
  /// The energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| of particles and targets, in the data's unit.
  package let energyDistance: Double
  /// What samples of one distribution, as many as these, have of it in the mean.
  let byChance: Double
  /// What the best multiple attains of the divergence.
  package let divergence: Double
  /// The mean squared gradient of that multiple over the particles, in the data's units.
  package let fisherInformation: Double
  /// The mean distance of two targets, in the data's unit.
  package let spread: Double

  /// What it is asked for.
  package struct Question {
    let divergence: any FDivergence
    let direction: Direction
    /// The Lipschitz bound in the scale of the rows.
    let lipschitz: Double
    /// The rows' unit, in the data's.
    let unit: Double

    package init(divergence: any FDivergence, direction: Direction, lipschitz: Double, unit: Double) {
      self.divergence = divergence
      self.direction = direction
      self.lipschitz = lipschitz
      self.unit = unit
    }
  }

  /// - Parameters:
  ///   - p, q: particles and targets, (rows, columns), in one scale.
  ///   - noise: what the divergence of two choices from one distribution may come to by chance.
  package init(_ p: Matrix, _ q: Matrix, _ question: Question, noise: Double) {
    let directions = UnsafeMutablePointer<Double>.allocate(capacity: 2 * p.count)
    defer { directions.deallocate() }
    let away = directions + p.count
    let fromTarget = meanDistances(from: p, to: q, directions: directions)
    let among = meanDistances(from: p, to: p, directions: away)
    let toParticles = meanDistances(from: q, to: p), amongTargets = meanDistances(from: q, to: q)
    let onParticles = zip(fromTarget, among).map { ($0 - $1) / 2 }
    let onTargets = zip(amongTargets, toParticles).map { ($0 - $1) / 2 }
    let best =
      question.direction == .reverse
      ? Self.best(onTargets.map { -$0 }, onParticles.map { -$0 }, question)
      : Self.best(onParticles, onTargets, question)
    energyDistance = question.unit * (2 * mean(fromTarget) - mean(among) - mean(amongTargets))
    spread = question.unit * mean(amongTargets)
    byChance =
      question.unit
      * (mean(among) / Double(max(p.rows - 1, 1)) + mean(amongTargets) / Double(max(q.rows - 1, 1)))
    divergence = max(best.value - noise, 0)
    guard divergence > 0 else {
      fisherInformation = 0
      return
    }
    var squares = 0.0
    for i in 0..<p.count {
      let gradient = best.factor * (directions[i] - away[i]) / 2
      squares += gradient * gradient
    }
    fisherInformation = squares / Double(p.rows) / question.unit / question.unit
  }

  /// The multiple that attains most, and that: the mean of `first` less the best shift of `second`.
  private static func best(
    _ first: [Double], _ second: [Double], _ question: Question
  ) -> (value: Double, factor: Double) {
    let centre = mean(first)
    func value(_ factor: Double) -> Double {
      second.map { factor * $0 }.withUnsafeBufferPointer {
        factor * centre - question.divergence.bestShift($0).value
      }
    }
    // Concave in the factor. Without a bound the largest one is that of a very steep network.
    var low = 0.0, high = question.lipschitz.isFinite ? question.lipschitz : 1e3
    let end = high
    for _ in 0..<40 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if value(a) < value(b) { low = a } else { high = b }
    }
    let inside = value(high)
    return high == end || value(end) > inside ? (value(end), end) : (inside, high)
  }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
