import Parameters

/// What cannot be simulated although each section of the deck is in order.
package enum RunError: InputError {
  /// Two sample sets have different dimensions.
  case dimensions(String, Int, target: Int)

  /// One sentence for people.
  package var description: String {
    switch self {
    case .dimensions(let what, let dimension, let target):
      "\(what) has \(dimension) dimensions and target has \(target); they must be equal (embed: places a sampler's or a "
        + "file's rows in a larger space)"
    }
  }
}
