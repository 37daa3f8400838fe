import MessagePassing
import Samples
import Storage

/// The sample sets of a deck, open and of the same columns.
struct OpenData {
  /// The target, the source and what is carried along.
  var tables: [(set: String, table: SharedTable)]
  /// How columns were matched by name; nil where they are taken by number.
  let columns: ColumnMatch?

  /// Opens all sets of a deck whose relative paths start in `folder`. Collective; an error of the input is thrown on all
  /// ranks alike.
  init(_ deck: Deck, folder: String, on communicator: Communicator) throws {
    tables = try Self.sets(of: deck).map { name, source, role in
      (name, try source.open(role: role, seed: UInt64(deck.seed), folder: folder, on: communicator))
    }
    columns = try ColumnMatch.match(&tables, on: communicator)
    try communicator.together { [self] in try requireOneDimension() }
  }

  /// The same in one process without MPI.
  init(_ deck: Deck, folder: String) throws {
    tables = try Self.sets(of: deck).map { name, source, role in
      (name, try source.open(role: role, seed: UInt64(deck.seed), folder: folder))
    }
    columns = try ColumnMatch.match(&tables)
    try requireOneDimension()
  }

  private static func sets(of deck: Deck) -> [(name: String, source: SampleSource, role: SampleSource.Role)] {
    [("target", deck.target, .target), ("source", deck.source, .source)]
      + (deck.generated.map { [("generated", $0, .generated)] } ?? [])
  }

  private func requireOneDimension() throws {
    for (name, table) in tables where table.dimension != dimension {
      throw RunError.dimensions(name, table.dimension, target: dimension)
    }
  }

  /// The number of coordinates of all sets.
  var dimension: Int { tables[0].table.dimension }

  /// What a user should know of how the files were read, as far as the root knows, each once.
  var notes: [String] {
    tables.reduce(into: []) { notes, data in notes += data.table.notes.filter { !notes.contains($0) } }
  }

  /// What rows and columns are called, as far as the root knows.
  var names: RunNames {
    var names = RunNames()
    names.columns = tables[0].table.columnNames ?? tables[1].table.columnNames
    names.particles = tables[1].table.rowNames
    names.particleLabels = tables[1].table.labels
    names.targetLabels = tables[0].table.labels
    return names
  }
}
