import Numerics

/// Particles that a field moves. A flow's field is trained on the first of its sets; the others are carried along.
package final class ParticleSet {
  /// The set's name in files: `particles`, `generated`.
  package let name: String
  /// The positions, (own rows, dimension).
  package let positions: Matrix
  /// How many of the rows, the first ones, are reported; the others are there for the field alone.
  package let reported: Int
  /// The labels of this rank's rows, where phi has an output for each; they never move.
  package let labels: RowLabels?
  /// All rows of the set, cut into blocks, and those of this rank.
  package let rows: OwnRows

  /// A set that takes the matrix as its own; it has as many rows as this rank works on.
  package init(
    name: String, positions: Matrix, rows: OwnRows, reported: Int? = nil, labels: RowLabels? = nil
  ) {
    precondition(positions.rows == rows.rows.count, "a position for every own row")
    self.name = name
    self.positions = positions
    self.rows = rows
    self.labels = labels
    self.reported = reported ?? rows.blocks.rows
  }

  /// The number of particles on all ranks.
  package var count: Int { rows.blocks.rows }
}
