import Divergence
import Numerics

/// The bracket of a divergence that transport plans and potentials give.
struct PlanBound {
  /// At most the divergence, by a potential that is L-Lipschitz everywhere.
  private(set) var lower = -Double.infinity
  /// At least the divergence, by a plan.
  private(set) var upper = Double.infinity

  /// The bracket is closed up to this part of it.
  static let tolerance = 1e-3

  /// Maximises the dual at falling temperatures from potentials of Q's points, until the bracket is closed or the
  /// temperature is too low to matter.
  init(_ bounds: TransportBounds, start: [Double]) {
    var search = QuasiNewton(start: start), best = self
    // Where all points lie on each other any temperature will do.
    var temperature = bounds.meanCost > 0 ? 0.3 * bounds.meanCost : 1
    let coldest = 1e-6 * temperature
    while temperature > coldest, !best.isClosed {
      search.maximise(iterations: 60) { psi, gradient in
        let outcome = bounds.evaluate(psi, temperature: temperature, gradient: &gradient)
        best.lower = max(best.lower, outcome.lower)
        best.upper = min(best.upper, outcome.upper)
        return outcome.value
      } isDone: {
        best.isClosed
      }
      temperature *= 0.4
    }
    self = best
  }

  private var isClosed: Bool { upper.isFinite && upper - lower <= Self.tolerance * abs(upper) }
}
