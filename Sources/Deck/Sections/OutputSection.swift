import Parameters

/// The `output` section.
package struct OutputSection: Codable, Sendable {
  /// The run folder; empty until the deck's name is known.
  package var directory: String
  /// Steps between stored frames; 0: only the first and the last.
  package var framesEvery: Int

  enum CodingKeys: String, CodingKey {
    case directory
    case framesEvery = "frames_every"
  }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    directory = try values.pathPart(.directory, default: "")
    framesEvery = try values.checked(.framesEvery, default: 50, allowed: "a whole number of 0 or above") { $0 >= 0 }
  }
}

/// The `checkpoint` section.
package struct CheckpointSection: Codable, Sendable {
  /// Steps between checkpoints; 0: only at a stop.
  package var every: Int

  enum CodingKeys: String, CodingKey { case every }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    every = try decoder.container(keyedBy: CodingKeys.self)
      .checked(.every, default: 200, allowed: "a whole number of 0 or above") { $0 >= 0 }
  }
}
