import MessagePassing
import Numerics

extension SamplePair {
  /// E h(X, X') + E h(Y, Y') - 2 E h(X, Y) for a function h of the squared distance that is 0 at infinity, estimated without
  /// bias: over pairs of different rows of A, of B, and all pairs of both. Both sets have two rows or more. Collective.
  @inline(__always)
  func discrepancy(_ h: (Vector) -> Vector) throws -> Double {
    let first = PairTiles(to: a), second = PairTiles(to: b)
    return try first.mean(of: a, isSame: true, on: communicator, h)
      + second.mean(of: b, isSame: true, on: communicator, h) - 2 * second.mean(of: a, on: communicator, h)
  }
}

extension PairTiles {
  /// The sum of a function of the squared distance to all rows of this, for each row of `matrix`. The function is 0 at
  /// infinity. Collective.
  @inline(__always)
  func sums(of matrix: Matrix, on communicator: Communicator, _ h: (Vector) -> Vector) throws -> [Double] {
    try communicator.shareRows(matrix.rows) { rows, sums in
      forEach(rows, of: matrix) { tile in
        for (i, row) in tile.rows.enumerated() {
          let squares = tile.row(i)
          var low = DoubleVector.zero, high = DoubleVector.zero
          for j in stride(from: 0, to: tile.columns.count, by: Vector.lanes) {
            let values = h(Vector(squares + j)).widened
            low += values.low
            high += values.high
          }
          sums[row - rows.lowerBound] += (low + high).total
        }
      }
    }
  }

  /// The mean over all pairs of a row of `matrix` and a row of this; over those of different rows where both are the same set.
  @inline(__always)
  fileprivate func mean(
    of matrix: Matrix, isSame: Bool = false, on communicator: Communicator, _ h: (Vector) -> Vector
  ) throws -> Double {
    let own = isSame ? Double(h(.zero)[0]) : 0
    return try sums(of: matrix, on: communicator, h).reduce(0) { $0 + ($1 - own) }
      / (Double(matrix.rows) * Double(isSame ? count - 1 : count))
  }
}
