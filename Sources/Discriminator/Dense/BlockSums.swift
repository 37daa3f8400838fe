import Numerics

/// Sums over the rows of a block, column by column, for columns in multiples of 16.
enum BlockSums {
  /// Multiplies each row by its weight, and sums the columns of the products in float64.
  static func weigh(
    _ values: UnsafeMutablePointer<Float>, columns: Int, by weights: UnsafePointer<Float>, rows: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    var column = 0
    while column + 2 * Vector.lanes <= columns {
      weigh(InlineArray<2, DoubleSum>.self, values + column, columns, weights, rows, sums + column)
      column += 2 * Vector.lanes
    }
    if column < columns {
      weigh(InlineArray<1, DoubleSum>.self, values + column, columns, weights, rows, sums + column)
    }
  }

  /// Sums the columns: eight rows in float32, by halves, and these sums in float64. Where all rows are equal nothing is
  /// rounded.
  static func sum(
    _ values: UnsafePointer<Float>, columns: Int, rows: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    let whole = rows / 8 * 8
    for column in stride(from: 0, to: columns, by: Vector.lanes) {
      var total = DoubleSum()
      for row in stride(from: 0, to: whole, by: 8) {
        let place = values + row * columns + column
        @inline(__always) func pair(_ r: Int) -> Vector {
          Vector(place + r * columns) + Vector(place + (r + 1) * columns)
        }
        total.add((pair(0) + pair(2)) + (pair(4) + pair(6)))
      }
      for row in whole..<rows { total.add(Vector(values + row * columns + column)) }
      total.store(sums + column)
    }
  }

  /// Sixteen sums in float64.
  private struct DoubleSum {
    var low = DoubleVector.zero
    var high = DoubleVector.zero

    @inline(__always)
    mutating func add(_ addends: Vector) {
      let (a, b) = addends.widened
      low += a
      high += b
    }

    @inline(__always)
    mutating func add(_ addends: Vector, times factor: DoubleVector) {
      let (a, b) = addends.widened
      low = a.times(factor, plus: low)
      high = b.times(factor, plus: high)
    }

    @inline(__always)
    func store(_ memory: UnsafeMutablePointer<Double>) {
      low.store(memory)
      high.store(memory + DoubleVector.lanes)
    }
  }

  /// Weighs and sums N vectors of each row; several, as one sum would wait for its last addition.
  @inline(__always)
  private static func weigh<let N: Int>(
    _: InlineArray<N, DoubleSum>.Type, _ values: UnsafeMutablePointer<Float>, _ columns: Int,
    _ weights: UnsafePointer<Float>, _ rows: Int, _ sums: UnsafeMutablePointer<Double>
  ) {
    var totals = InlineArray<N, DoubleSum>(repeating: DoubleSum())
    for row in 0..<rows {
      let weight = weights[row], factor = DoubleVector(repeating: Double(weight))
      for i in 0..<N {
        let place = values + row * columns + i * Vector.lanes, value = Vector(place)
        totals[i].add(value, times: factor)
        (value * weight).store(place)
      }
    }
    for i in 0..<N { totals[i].store(sums + i * Vector.lanes) }
  }
}
