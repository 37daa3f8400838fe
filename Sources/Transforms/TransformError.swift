import Parameters

/// What can be wrong with rows that are transformed. The text names the transform, the place and the way out.
package enum TransformError: InputError, Equatable {
  /// A logarithm of a negative number.
  case negative(transform: String, row: String, column: String, value: Double)
  /// A row without a number above 0 has no shares.
  case zeroRow(transform: String, row: String)
  /// Source and target are drawn, in the space of the flow.
  case nothingToTransform
  /// `embed` places the rows of a file in a larger space.
  case embedded(file: String)
  /// Rows have another number of columns than those that the transforms were fitted to.
  case columns(file: String, columns: Int, expected: Int)
  /// Rows that are drawn have another dimension than the space of the flow.
  case dimension(role: String, dimension: Int, expected: Int)
  /// More components than rows or columns.
  case tooManyComponents(asked: Int, rows: Int, columns: Int)
  /// More components than directions in which the rows vary.
  case tooFewDirections(asked: Int, directions: Int)
  /// All rows are equal.
  case constant(rows: Int)
  /// The eigenvalues of the covariance cannot be had.
  case noComponents
  /// What is stored of a fit is not what the deck's transforms need.
  case stored(file: String, array: String, reason: String)

  /// One message for people, on one line.
  package var description: String { oneLine(text, limit: 8000) }

  private var text: String {
    switch self {
    case .negative(let transform, let row, let column, let value):
      "\(row), column \(column) is \(value): \(transform) is for counts, which are not negative; leave it out where these are "
        + "logarithms or standardised already, or say of which side's rows it is (\(transform): {of: source})"
    case .zeroRow(let transform, let row):
      "\(row) has no number above 0, so \(transform) cannot divide by its sum; remove the row"
    case .nothingToTransform:
      "transform is for rows of files, but source and target are drawn by samplers; remove it, or give a file"
    case .embedded(let file): "\(file): 'embed' does not go with transforms; remove one of the two"
    case .columns(let file, let columns, let expected):
      "\(file): has \(columns) columns, but the transforms are for \(expected); give it the columns of source and target"
    case .dimension(let role, let dimension, let expected):
      "\(role): is drawn in \(dimension) dimensions, but the transforms leave \(expected), in which the flow runs; draw it in "
        + "\(expected), or change the transforms"
    case .tooManyComponents(let asked, let rows, let columns):
      "pca: \(asked) components are asked for, but \(rows) rows of \(columns) columns have at most \(min(rows, columns)); lower "
        + "components to that or less"
    case .tooFewDirections(let asked, let directions):
      "pca: \(asked) components are asked for, but the rows vary in \(directions) directions only, as far as their numbers tell; "
        + "lower components to \(directions) or less"
    case .constant(let rows):
      "pca: all \(rows) rows are equal, so there are no components; remove it, or give other rows"
    case .noComponents: "pca: the numbers are too large for their covariance; put 'scale' or 'standardize' before it"
    case .stored(let file, let array, let reason): "\(file): \(array): \(reason); it is not of this run's deck"
    }
  }
}
