import Glibc

/// f(x) = x log x - x + 1, the Kullback-Leibler divergence: f*(y) = exp(y) - 1.
public struct KullbackLeibler: FDivergence {
  public static let name = "kl"
  public static let domainEdge = Double.infinity
  public var centre: Double { 0 }

  /// No parameters.
  public init() {}

  public func conjugate(_ y: Double) -> (value: Double, slope: Double) {
    let e = exp(y)
    return (e - 1, e)
  }

  public func argument(ofRatio ratio: Double) -> Double { .infinity }
}
