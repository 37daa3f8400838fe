/// The larger of columns i and i + width/2, then the smaller: a permutation, so it keeps lengths (Anil, Lucas, Grosse,
/// "Sorting out Lipschitz function approximation", 2019).
public struct MaxMin: Activation {
  /// The word that chooses it in a deck.
  public static let name = "max_min"
  /// Whether columns are worked on in pairs.
  public static let isPaired = true

  /// The activation and its derivative.
  public func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    PairedActivation.apply(values, slopes: slopes, rows: rows, width: width) { t in
      (abs(t), t > 0 ? 1 : (t < 0 ? -1 : 0))
    }
  }

  /// The gradient with respect to the argument.
  public func pullBack(_ gradients: UnsafeMutablePointer<Float>, slopes: UnsafePointer<Float>, rows: Int, width: Int) {
    PairedActivation.pullBack(gradients, slopes: slopes, rows: rows, width: width)
  }
}

/// Activations of pairs (up, down) of the form mean + g(t), mean - g(t), t half the difference.
enum PairedActivation {
  /// Applies g, which gives its value and its derivative; the derivative is kept for the first half of the columns.
  @inline(__always)
  static func apply(
    _ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int,
    _ g: (Float) -> (Float, Float)
  ) {
    let half = width / 2
    for row in 0..<rows {
      let up = values + row * width, down = up + half, kept = slopes + row * width
      for i in 0..<half {
        let mean = 0.5 * (up[i] + down[i])
        let (value, slope) = g(0.5 * (up[i] - down[i]))
        kept[i] = slope
        up[i] = mean + value
        down[i] = mean - value
      }
    }
  }

  @inline(__always)
  static func pullBack(_ gradients: UnsafeMutablePointer<Float>, slopes: UnsafePointer<Float>, rows: Int, width: Int) {
    let half = width / 2
    for row in 0..<rows {
      let up = gradients + row * width, down = up + half, slope = slopes + row * width
      for i in 0..<half {
        let sum = 0.5 * (up[i] + down[i]), difference = 0.5 * slope[i] * (up[i] - down[i])
        up[i] = sum + difference
        down[i] = sum - difference
      }
    }
  }
}
