import Glibc

/// f(x) = -log x, the reverse Kullback-Leibler divergence: f*(y) = -1 - log(-y), y < 0.
public struct ReverseKullbackLeibler: FDivergence {
  public static let name = "reverse_kl"
  public static let domainEdge = 0.0
  public var centre: Double { -1 }

  /// No parameters.
  public init() {}

  public func conjugate(_ y: Double) -> (value: Double, slope: Double) { (-1 - log(-y), -1 / y) }

  public func argument(ofRatio ratio: Double) -> Double { -1 / ratio }
}
