/// Weighted sums of the rows of a matrix in float64.
public enum RowSums {
  /// How many sums are made together.
  private static let together = 8

  /// Sums, (count, columns), row-major: base + sum over k of weights[k] rows[k], with weights (count, terms), rows (terms,
  /// columns), base (columns). The bits of a sum do not depend on the others.
  public static func add(
    _ weights: UnsafePointer<Double>, count: Int, of rows: UnsafePointer<Double>, terms: Int, columns: Int,
    to base: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>
  ) {
    let lanes = DoubleVector.lanes, whole = columns / lanes * lanes
    for first in stride(from: 0, to: count, by: together) {
      let height = min(together, count - first)
      let weights = weights + first * terms, sums = sums + first * columns
      for column in stride(from: 0, to: whole, by: lanes) {
        if height == together {
          eight(weights, rows + column, terms, columns, base + column, sums + column)
        } else {
          for r in 0..<height {
            one(weights + r * terms, rows + column, terms, columns, base + column).store(sums + r * columns + column)
          }
        }
      }
      for column in whole..<columns {
        for r in 0..<height {
          var sum = base[column]
          for k in 0..<terms { sum = sum.addingProduct(weights[r * terms + k], rows[k * columns + column]) }
          sums[r * columns + column] = sum
        }
      }
    }
  }

  @inline(__always)
  private static func eight(
    _ weights: UnsafePointer<Double>, _ rows: UnsafePointer<Double>, _ terms: Int, _ columns: Int,
    _ base: UnsafePointer<Double>, _ sums: UnsafeMutablePointer<Double>
  ) {
    var totals = InlineArray<8, DoubleVector>(repeating: DoubleVector(base))
    for k in 0..<terms {
      let row = DoubleVector(rows + k * columns)
      for r in 0..<8 { totals[r] = row.times(DoubleVector(repeating: weights[r * terms + k]), plus: totals[r]) }
    }
    for r in 0..<8 { totals[r].store(sums + r * columns) }
  }

  @inline(__always)
  private static func one(
    _ weights: UnsafePointer<Double>, _ rows: UnsafePointer<Double>, _ terms: Int, _ columns: Int,
    _ base: UnsafePointer<Double>
  ) -> DoubleVector {
    var total = DoubleVector(base)
    for k in 0..<terms {
      total = DoubleVector(rows + k * columns).times(DoubleVector(repeating: weights[k]), plus: total)
    }
    return total
  }
}
