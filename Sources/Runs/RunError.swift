import Parameters

/// What cannot be simulated although each section of the deck is in order.
package enum RunError: InputError {
  /// Two sample sets have different dimensions.
  case dimensions(String, Int, target: Int)
  /// So small a share of the target, or so large a one, leaves nothing.
  case heldOut(share: Double, targets: Int)
  /// More folds than targets of a class.
  case folds(Int, targets: Int)

  /// One sentence for people.
  package var description: String {
    switch self {
    case .heldOut(let share, let targets):
      "stop.held_out: a share of \(share) of \(targets) target samples leaves none on one side: choose another share, or more "
        + "samples"
    case .folds(let folds, let targets):
      "cross_validation.folds: \(targets) target samples, of a class where there are classes, cannot be parted into \(folds) folds"
    case .dimensions(let what, let dimension, let target):
      "\(what) has \(dimension) dimensions and target has \(target); they must be equal (embed: places a sampler's or a "
        + "file's rows in a larger space)"
    }
  }
}
