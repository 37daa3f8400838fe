import Glibc

/// f(x) = x log x - x + 1, the Kullback-Leibler divergence: f*(y) = exp(y) - 1.
package struct KullbackLeibler: FDivergence {
  package static let name = "kl"
  /// Where the domain of f* ends.
  package static let domainEdge = Double.infinity
  /// Where f*' is 1.
  package var centre: Double { 0 }

  package init() {}

  /// f of a density ratio above 0.
  package func value(_ ratio: Double) -> Double { ratio * log(ratio) - ratio + 1 }

  /// f*(y) and its derivative.
  package func conjugate(_ y: Double) -> (value: Double, slope: Double) {
    let e = exp(y)
    return (e - 1, e)
  }

  /// The argument at which f*' reaches a density ratio.
  package func argument(ofRatio ratio: Double) -> Double { .infinity }
}
