/// How a run stands, as the attribute `status` of its result file says it.
public enum RunStatus: String, CaseIterable, Sendable {
  /// It is being made, or was killed while it was.
  case running
  /// A stop tolerance was met.
  case converged
  /// All steps were made.
  case finished
  /// A value stopped being finite; the last good state is stored.
  case diverged
  /// The wall time or a signal ended it; a checkpoint is there.
  case interrupted

  /// Whether nothing is left to do, so that the result deserves protection.
  public var isFinal: Bool { self == .converged || self == .finished || self == .diverged }
}

/// What the root attributes of a result file say of its run.
public struct RunDescription: Sendable {
  /// The resolved deck, YAML.
  public var deck: String
  /// The program's version.
  public var version: String
  /// The number of ranks.
  public var ranks: Int
  /// The number of nodes.
  public var nodes: Int
  /// The seed that every random number follows from.
  public var seed: Int

  /// A description with all its parts.
  public init(deck: String, version: String, ranks: Int, nodes: Int, seed: Int) {
    self.deck = deck
    self.version = version
    self.ranks = ranks
    self.nodes = nodes
    self.seed = seed
  }
}
