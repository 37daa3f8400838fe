import Discriminator
import MessagePassing
import Numerics

/// A quantity that stopped being finite, and where it was found.
struct NonFinite: Error, CustomStringConvertible {
  /// What is not finite, and on which ranks.
  let description: String

  /// Finds out which ranks contribute to a sum that is not finite, from what each says of its own part. Collective.
  static func located(_ error: NotFinite, isOwn: Bool, on communicator: Communicator) throws -> NonFinite {
    let flags = try communicator.gather(isOwn ? 1 as Int32 : 0)
    let ranks = flags.indices.filter { flags[$0] != 0 }
    return NonFinite(
      description: error.description + (ranks.isEmpty ? " (in the sum over all ranks)" : " (on \(rankList(ranks)))"))
  }
}

extension Matrix {
  /// Whether all elements are finite.
  var isFinite: Bool {
    for i in 0..<count where !elements[i].isFinite { return false }
    return true
  }
}
