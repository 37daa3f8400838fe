/// How a matrix stands in memory with its longer side downwards: (height, side), filled up with zeros to whole strips and
/// vectors (see ``Tile``). Of it the first (length, n) are the matrix, transposed where it is wide.
struct TallLayout {
  let rows: Int
  let columns: Int

  var isWide: Bool { columns > rows }
  var n: Int { min(rows, columns) }
  var length: Int { max(rows, columns) }
  var side: Int { roundedUp(n, to: Vector.lanes) }
  var height: Int { roundedUp(length, to: Tile.rows) }
  /// The numbers of the layout.
  var count: Int { height * side }

  /// Copies a matrix into the layout.
  func fill<T: BinaryFloatingPoint>(_ tall: UnsafeMutablePointer<Float>, from matrix: UnsafePointer<T>) {
    if side != n || height != length { tall.update(repeating: 0, count: count) }
    if isWide {
      for row in 0..<rows {
        for column in 0..<columns { tall[column * side + row] = Float(matrix[row * columns + column]) }
      }
    } else {
      for row in 0..<rows {
        for column in 0..<columns { tall[row * side + column] = Float(matrix[row * columns + column]) }
      }
    }
  }

  /// Copies the layout back into a matrix.
  func read(_ tall: UnsafePointer<Float>, into matrix: UnsafeMutablePointer<Float>) {
    if isWide {
      for row in 0..<rows { for column in 0..<columns { matrix[row * columns + column] = tall[column * side + row] } }
    } else {
      for row in 0..<rows { for column in 0..<columns { matrix[row * columns + column] = tall[row * side + column] } }
    }
  }

  /// Subtracts the layout from a matrix.
  func subtract(_ tall: UnsafePointer<Float>, from matrix: UnsafeMutablePointer<Double>) {
    if isWide {
      for row in 0..<rows {
        for column in 0..<columns { matrix[row * columns + column] -= Double(tall[column * side + row]) }
      }
    } else {
      for row in 0..<rows {
        for column in 0..<columns { matrix[row * columns + column] -= Double(tall[row * side + column]) }
      }
    }
  }
}
