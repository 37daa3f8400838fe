import Numerics

/// What every coordinate of a particle is held between after each step, such as 0 and 1 for the pixels of images.
package struct Bounds: Sendable, Equatable {
  private let lower: [Float], upper: [Float]

  /// The same bounds in the data's unit for every coordinate, for particles in a scale of the data.
  package init(_ lowest: Double, _ highest: Double, in scale: CommonScale) {
    let columns = scale.centre.indices
    // Rounded inwards, so that float32 coordinates of the data keep them as well.
    lower = columns.map { column in
      var bound = scale.apply(lowest, column)
      while Float(scale.invert(bound, column)) < Float(lowest) { bound = bound.nextUp }
      return bound
    }
    upper = columns.map { column in
      var bound = scale.apply(highest, column)
      while Float(scale.invert(bound, column)) > Float(highest) { bound = bound.nextDown }
      return bound
    }
  }

  /// Puts what lies outside onto the bounds, of rows (rows, dimension). What is not a number stays so.
  package func hold(_ rows: Matrix) {
    ensure(rows.columns == lower.count, "bounds of the rows' dimension")
    for row in 0..<rows.rows {
      let x = rows.row(row)
      for i in lower.indices {
        if x[i] < lower[i] { x[i] = lower[i] }
        if x[i] > upper[i] { x[i] = upper[i] }
      }
    }
  }
}
