import Discriminator
import MessagePassing
import Numerics

/// Why a time step cannot be made: the run has diverged, and the particles are where they were before the step.
package struct StepFailure: Error, CustomStringConvertible {
  /// What happened, for people.
  package let description: String

  /// A failure in words.
  package init(_ description: String) { self.description = description }

  /// A quantity that is not finite in a sum over all ranks, with the ranks that contribute to that, from what each says of
  /// its own part. Collective.
  package static func located(_ error: NotFinite, isOwn: Bool, on communicator: Communicator) throws -> StepFailure {
    let flags = try communicator.gather(isOwn ? 1 as Int32 : 0)
    let ranks = flags.indices.filter { flags[$0] != 0 }
    return StepFailure(
      error.description + (ranks.isEmpty ? " (in the sum over all ranks)" : " (on \(rankList(ranks)))"))
  }
}

extension Matrix {
  /// Whether all elements are finite.
  package var isFinite: Bool {
    for i in 0..<count where !elements[i].isFinite { return false }
    return true
  }
}
