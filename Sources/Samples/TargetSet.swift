import Numerics

/// The target samples, held once a node and read by all its ranks.
public final class TargetSet {
  /// One sample a row; a view of the shared memory, which it keeps alive. Not to be written.
  public let rows: Matrix

  /// The set of these rows.
  public init(rows: Matrix) {
    self.rows = rows
  }

  /// The number of samples.
  public var count: Int { rows.rows }
  /// The number of coordinates.
  public var dimension: Int { rows.columns }
}
