import Parameters

/// What cannot be simulated although each section of the deck is in order.
package enum RunError: InputError {
  /// Two sample sets have different dimensions.
  case dimensions(String, Int, target: Int)
  /// A run asks for more bytes on a node than it has.
  case memory(needed: Double, present: Double)

  /// One sentence for people.
  package var description: String {
    switch self {
    case .dimensions(let what, let dimension, let target):
      "\(what) has \(dimension) dimensions and target has \(target); they must be equal (embed: places a sampler's or a "
        + "file's rows in a larger space)"
    case .memory(let needed, let present):
      "particles, targets and network of this deck need \(Text.short(needed / 1e9)) GB on a node that has "
        + "\(Text.short(present / 1e9)); use more nodes, lower a count or a dimension, or choose smaller layers"
    }
  }
}
