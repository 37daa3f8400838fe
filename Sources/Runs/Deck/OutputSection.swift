import Parameters

/// The `output` section of a deck.
package struct OutputSection: Section {
  /// The run folder; empty until the deck's name is known.
  package var directory = ""
  /// Steps between stored frames; 0: only the first and the last.
  package var framesEvery = 50

  package init() {}

  package static let keys: [Key<OutputSection>] = [
    .value(
      "directory", \.directory, "the run folder, from the working directory", allowed: "text without zero bytes",
      otherwise: "runs/NAME",
      where: isPathPart),
    .value(
      "frames_every", \.framesEvery, "steps between stored frames; 0: first and last",
      allowed: "a whole number of 0 or above"
    ) { $0 >= 0 },
  ]
}

/// The `checkpoint` section of a deck.
package struct CheckpointSection: Section {
  /// Steps between checkpoints; 0: only at a stop.
  package var every = 200

  package init() {}

  package static let keys: [Key<CheckpointSection>] = [
    .value("every", \.every, "steps between checkpoints; 0: only at a stop", allowed: "a whole number of 0 or above") {
      $0 >= 0
    }
  ]
}
