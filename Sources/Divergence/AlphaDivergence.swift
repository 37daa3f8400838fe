import Glibc
import Parameters

/// f(x) = (x^alpha - 1) / (alpha (alpha - 1)), alpha > 1:
/// f*(y) = (1/(alpha-1) + ((alpha-1) max(y, 0))^(alpha/(alpha-1))) / alpha.
package struct AlphaDivergence: FDivergence {
  package static let name = "alpha"
  /// Where the domain of f* ends.
  package static let domainEdge = Double.infinity
  /// Where f*' is 1.
  package var centre: Double { 1 / (alpha - 1) }

  /// The order, above 1.
  package var alpha = 2.0

  package init() {}

  package static let keys: [Key<AlphaDivergence>] = [
    .value("alpha", \.alpha, "the order of the divergence", allowed: "a number from 1.00000001 to 1e8") {
      // Beyond, f* has no digits left.
      (1.00000001...1e8).contains($0)
    }
  ]

  /// f of a density ratio above 0.
  package func value(_ ratio: Double) -> Double { (pow(ratio, alpha) - 1) / (alpha * (alpha - 1)) }

  /// f*(y) and its derivative.
  package func conjugate(_ y: Double) -> (value: Double, slope: Double) {
    let r = (alpha - 1) * max(y, 0)
    let slope = pow(r, 1 / (alpha - 1))
    return ((1 / (alpha - 1) + slope * r) / alpha, slope)
  }

  /// The argument at which f*' reaches a density ratio.
  package func argument(ofRatio ratio: Double) -> Double { .infinity }
}
