import Glibc

/// log(1 + exp(z)).
public struct Softplus: Activation {
  /// The word that chooses it in a deck.
  public static let name = "softplus"

  /// The activation and its derivative.
  public func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    for i in 0..<rows * width {
      let z = values[i], e = expf(-abs(z))
      let small = e / (1 + e)
      slopes[i] = z >= 0 ? 1 - small : small
      values[i] = (z < 0 ? 0 : z) + log1pf(e)
    }
  }
}
