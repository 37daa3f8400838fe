/// max(z, 0).
public struct ReLU: Activation {
  /// The word that chooses it in a deck.
  public static let name = "relu"

  /// The activation and its derivative.
  public func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    for i in 0..<rows * width {
      let z = values[i]
      slopes[i] = z > 0 ? 1 : 0
      // Not max(z, 0), which would turn a NaN into a zero.
      values[i] = z < 0 ? 0 : z
    }
  }
}
