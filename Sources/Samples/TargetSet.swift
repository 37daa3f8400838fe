import Numerics

/// The target samples, held once a node and read by all its ranks.
package final class TargetSet {
  /// One sample a row; a view of the shared memory, which it keeps alive. Not to be written.
  package let rows: Matrix

  /// The set of these rows.
  package init(rows: Matrix) {
    self.rows = rows
  }

  /// The number of samples.
  package var count: Int { rows.rows }
  /// The number of coordinates.
  package var dimension: Int { rows.columns }
}
