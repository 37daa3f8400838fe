import Glibc
import Parameters

/// f(x) = (x^alpha - 1) / (alpha (alpha - 1)), alpha > 1:
/// f*(y) = (1/(alpha-1) + ((alpha-1) max(y, 0))^(alpha/(alpha-1))) / alpha.
public struct AlphaDivergence: FDivergence {
  public static let name = "alpha"
  public static let domainEdge = Double.infinity
  public var centre: Double { 1 / (alpha - 1) }

  /// The order, above 1.
  public let alpha: Double

  enum CodingKeys: String, CodingKey { case alpha }

  public init(from decoder: any Decoder) throws {
    alpha = try decoder.container(keyedBy: CodingKeys.self)
      .number(.alpha, default: 2, allowed: "a finite number above 1") { $0 > 1 && $0.isFinite }
  }

  public func conjugate(_ y: Double) -> (value: Double, slope: Double) {
    let r = (alpha - 1) * max(y, 0)
    let slope = pow(r, 1 / (alpha - 1))
    return ((1 / (alpha - 1) + slope * r) / alpha, slope)
  }

  public func argument(ofRatio ratio: Double) -> Double { .infinity }
}
