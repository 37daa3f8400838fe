import Numerics

/// Sums over the rows of a block in float64, column by column.
enum BlockSums {
  /// Multiplies each row by its weight, and sums the columns of the products; `columns` is a multiple of 16.
  static func weigh(
    _ values: UnsafeMutablePointer<Float>, columns: Int, by weights: UnsafePointer<Float>, rows: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    for column in stride(from: 0, to: columns, by: Vector.lanes) {
      var low = DoubleVector.zero, high = DoubleVector.zero
      for row in 0..<rows {
        let place = values + row * columns + column, value = Vector(place), weight = weights[row]
        let (a, b) = value.widened, factor = DoubleVector(repeating: Double(weight))
        low = a.times(factor, plus: low)
        high = b.times(factor, plus: high)
        (value * weight).store(place)
      }
      low.store(sums + column)
      high.store(sums + column + DoubleVector.lanes)
    }
  }

  /// Sums the columns.
  static func sum(
    _ values: UnsafePointer<Float>, columns: Int, rows: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    for column in stride(from: 0, to: columns, by: Vector.lanes) {
      var low = DoubleVector.zero, high = DoubleVector.zero
      for row in 0..<rows {
        let (a, b) = Vector(values + row * columns + column).widened
        low += a
        high += b
      }
      low.store(sums + column)
      high.store(sums + column + DoubleVector.lanes)
    }
  }
}
