import Glibc

/// f(x) = x log x - (x + 1) log((x + 1) / 2), the Jensen-Shannon divergence: f*(y) = -log(2 - exp(y)), y < log 2.
package struct JensenShannon: FDivergence {
  package static let name = "jensen_shannon"
  /// Where the domain of f* ends.
  package static let domainEdge = 0x1.62e42fefa39efp-1
  /// Where f*' is 1.
  package var centre: Double { 0 }

  package init() {}

  /// f of a density ratio above 0.
  package func value(_ ratio: Double) -> Double { ratio * log(ratio) - (ratio + 1) * log((ratio + 1) / 2) }

  /// f*(y) and its derivative.
  package func conjugate(_ y: Double) -> (value: Double, slope: Double) {
    let e = exp(y)
    return (-log(2 - e), e / (2 - e))
  }

  /// The argument at which f*' reaches a density ratio.
  package func argument(ofRatio ratio: Double) -> Double { log(2 * ratio / (1 + ratio)) }
}
