import Parameters

/// max_min with |t| smoothed to sqrt(t^2 + eps^2) - eps.
public struct SmoothMaxMin: Activation {
  /// The word that chooses it in a deck.
  public static let name = "smooth_max_min"
  /// Whether columns are worked on in pairs.
  public static let isPaired = true

  /// eps, the rounding of the kink.
  public let smoothing: Double

  enum CodingKeys: String, CodingKey { case smoothing }

  /// Reads it from a deck; absent keys take their defaults.
  public init(from decoder: any Decoder) throws {
    smoothing = try decoder.container(keyedBy: CodingKeys.self).positive(.smoothing, default: 0.5)
  }

  /// The activation and its derivative.
  public func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
    let eps = Float(smoothing)
    PairedActivation.apply(values, slopes: slopes, rows: rows, width: width) { t in
      let root = (t * t + eps * eps).squareRoot()
      return (root - eps, t / root)
    }
  }

  /// The gradient with respect to the argument.
  public func pullBack(_ gradients: UnsafeMutablePointer<Float>, slopes: UnsafePointer<Float>, rows: Int, width: Int) {
    PairedActivation.pullBack(gradients, slopes: slopes, rows: rows, width: width)
  }
}
