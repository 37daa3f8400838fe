extension PairTiles {
  /// The squared distances from each of these rows to its `most` nearest rows of the matrix of the tiles, ascending,
  /// (rows, most); infinite where there are fewer. With `isSame` both matrices are one, and a row is not its own neighbour.
  public func nearest(_ most: Int, of rows: Range<Int>, in matrix: Matrix, isSame: Bool = false) -> [Float] {
    var best = [Float](repeating: .infinity, count: rows.count * most)
    best.withUnsafeMutableBufferPointer { best in
      guard let start = best.baseAddress else { return }
      forEach(rows, of: matrix) { tile in
        for (i, row) in tile.rows.enumerated() {
          let squares = tile.row(i), own = start + (row - rows.lowerBound) * most
          let hidden = isSame && tile.columns.contains(row) ? row - tile.columns.lowerBound : -1
          if hidden >= 0 { squares[hidden] = .infinity }
          for j in stride(from: 0, to: tile.columns.count, by: Vector.lanes)
          where Vector(squares + j).isAnywhere(below: Vector(repeating: own[most - 1])) {
            for lane in j..<j + Vector.lanes where squares[lane] < own[most - 1] {
              Self.insert(squares[lane], into: own, most)
            }
          }
        }
      }
    }
    return best
  }

  @inline(__always)
  private static func insert(_ value: Float, into sorted: UnsafeMutablePointer<Float>, _ count: Int) {
    var place = count - 1
    while place > 0, sorted[place - 1] > value {
      sorted[place] = sorted[place - 1]
      place -= 1
    }
    sorted[place] = value
  }

  /// Whether each of these rows is at most as far, squared, from a row of the matrix of the tiles as that one's radius,
  /// (count), from 0 on.
  public func covers(_ rows: Range<Int>, of matrix: Matrix, squaredRadii: [Float]) -> [Bool] {
    ensure(squaredRadii.count == count, "a radius for each row")
    // Nothing lies in the balls of columns that only fill up a vector.
    let radii = squaredRadii + [Float](repeating: -1, count: Vector.lanes)
    var isCovered = [Bool](repeating: false, count: rows.count)
    radii.withUnsafeBufferPointer { radii in
      guard let radii = radii.baseAddress else { return }
      forEach(rows, of: matrix) { tile in
        for (i, row) in tile.rows.enumerated() where !isCovered[row - rows.lowerBound] {
          let squares = tile.row(i), own = radii + tile.columns.lowerBound
          for j in stride(from: 0, to: tile.columns.count, by: Vector.lanes)
          where Vector(own + j).isAnywhere(notBelow: Vector(squares + j)) {
            isCovered[row - rows.lowerBound] = true
            break
          }
        }
      }
    }
    return isCovered
  }
}
