import Glibc

/// z above zero, exp(z) - 1 below.
public struct ELU: Activation {
  /// The word that chooses it in a deck.
  public static let name = "elu"

  /// The activation and its derivative.
  public func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    for i in 0..<rows * width {
      let z = values[i], below = expm1f(z < 0 ? z : 0)
      slopes[i] = z > 0 ? 1 : below + 1
      values[i] = z < 0 ? below : z
    }
  }
}
