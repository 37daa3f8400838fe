/// z above zero, 0.2 z below.
public struct LeakyReLU: Activation {
  /// The word that chooses it in a deck.
  public static let name = "leaky_relu"

  /// The activation and its derivative.
  public func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    for i in 0..<rows * width {
      let slope: Float = values[i] > 0 ? 1 : 0.2
      slopes[i] = slope
      values[i] *= slope
    }
  }
}
