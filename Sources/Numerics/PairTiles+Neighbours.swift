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

  /// The places of the `most` nearest others of each of these rows of the matrix of the tiles, the nearest first, (rows, most):
  /// of rows at one distance the first come first. There are more than `most` rows.
  public func nearestRows(_ most: Int, of rows: Range<Int>, in matrix: Matrix) -> [Int] {
    var best = [Float](repeating: .infinity, count: rows.count * most)
    var places = [Int](repeating: 0, count: rows.count * most)
    forEach(rows, of: matrix) { tile in
      for (i, row) in tile.rows.enumerated() {
        let squares = tile.row(i), start = (row - rows.lowerBound) * most
        for lane in 0..<tile.columns.count {
          let square = squares[lane], column = tile.columns.lowerBound + lane
          guard square < best[start + most - 1], column != row else { continue }
          var place = start + most - 1
          while place > start, best[place - 1] > square {
            best[place] = best[place - 1]
            places[place] = places[place - 1]
            place -= 1
          }
          best[place] = square
          places[place] = column
        }
      }
    }
    return places
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
