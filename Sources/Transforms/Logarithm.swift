import Parameters
import Samples

/// A logarithm of numbers that are not negative, row by row; nothing is learnt.
package protocol Logarithm: Transform, FittedTransform {
  /// The rows it is for.
  var of: Side { get set }
  /// Replaces a row that holds no negative number; false where it is not defined.
  func apply(toRow row: UnsafeMutablePointer<Double>, columns: Int) -> Bool
  /// What a row was, apart from what ``apply(toRow:columns:)`` forgets.
  func invert(row: UnsafeMutablePointer<Double>, columns: Int)
}

extension Logarithm {
  package static var keys: [Key<Self>] { [.choice("of", \.of, "the rows that it is for")] }
  package var isLogarithm: Bool { true }
  package var inverseLipschitz: Double? { nil }

  package func fit(to rows: TransformedRows) throws -> any FittedTransform { self }
  package func restored(from arrays: StoredArrays, columns: Int) throws -> any FittedTransform { self }

  package func apply(to block: RowBlock) throws {
    guard of.includes(block.role) else { return }
    for index in 0..<block.count {
      let row = block.rows + index * block.columns
      for column in 0..<block.columns where row[column] < 0 {
        throw TransformError.negative(
          transform: Self.name, row: block.origin.row(index), column: block.origin.column(column), value: row[column])
      }
      guard apply(toRow: row, columns: block.columns) else {
        throw TransformError.zeroRow(transform: Self.name, row: block.origin.row(index))
      }
    }
  }

  package func invert(_ rows: InverseBlock) {
    guard of.includes(rows.role) else { return }
    for index in 0..<rows.count { invert(row: rows.rows + index * rows.columns, columns: rows.columns) }
  }
}
