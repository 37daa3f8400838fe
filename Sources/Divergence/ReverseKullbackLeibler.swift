import Glibc

/// f(x) = -log x, the reverse Kullback-Leibler divergence: f*(y) = -1 - log(-y), y < 0.
package struct ReverseKullbackLeibler: FDivergence {
  package static let name = "reverse_kl"
  /// Where the domain of f* ends.
  package static let domainEdge = 0.0
  /// Where f*' is 1.
  package var centre: Double { -1 }

  package init() {}

  /// f of a density ratio above 0.
  package func value(_ ratio: Double) -> Double { -log(ratio) }

  /// f*(y) and its derivative.
  package func conjugate(_ y: Double) -> (value: Double, slope: Double) { (-1 - log(-y), -1 / y) }

  /// The argument at which f*' reaches a density ratio.
  package func argument(ofRatio ratio: Double) -> Double { -1 / ratio }
}
