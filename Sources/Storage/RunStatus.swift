import HDF5

/// How a run stands, as the attribute `status` of its result file says it.
package enum RunStatus: String, CaseIterable, Sendable {
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
  package var isFinal: Bool { self == .converged || self == .finished || self == .diverged }
}

/// What the root attributes of a result file say of its run.
package struct RunDescription: Sendable {
  /// The resolved deck, YAML.
  package var deck: String
  /// The program's version.
  package var version: String
  /// The number of ranks.
  package var ranks: Int
  /// The number of nodes.
  package var nodes: Int
  /// The seed that every random number follows from.
  package var seed: Int
  /// The folder in which the deck's relative paths start, from the root on; empty where it is not known.
  package var folder: String
  /// What else tells how a result came about, by name.
  package var provenance: [(name: String, text: String)]

  /// A description with all its parts.
  package init(
    deck: String, version: String, ranks: Int, nodes: Int, seed: Int, folder: String = "",
    provenance: [(name: String, text: String)] = []
  ) {
    self.provenance = provenance
    self.folder = folder
    self.deck = deck
    self.version = version
    self.ranks = ranks
    self.nodes = nodes
    self.seed = seed
  }

  /// Writes the root attributes, with the status `running`.
  func write(to file: HDF5File) throws {
    try file.write(attribute: "deck", text: deck)
    try file.write(attribute: "version", text: version)
    try file.write(attribute: "ranks", value: Int64(ranks))
    try file.write(attribute: "nodes", value: Int64(nodes))
    try file.write(attribute: "seed", value: Int64(seed))
    try file.write(attribute: "folder", text: folder)
    for (name, text) in provenance { try file.write(attribute: name, text: text) }
    try file.write(attribute: "status", text: RunStatus.running.rawValue)
  }
}
