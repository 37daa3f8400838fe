import Numerics
import Testing

/// Squared distances of pairs against sums in float64.
@Suite struct PairTilesTests {
  private func points(_ rows: Int, _ columns: Int, key: Int, offset: Double = 0) -> Matrix {
    let matrix = Matrix(rows: rows, columns: columns)
    var stream = RandomNumbers(seed: 15, purpose: .test).stream(key)
    for i in 0..<matrix.count { matrix.elements[i] = Float(offset + stream.normal()) }
    return matrix
  }

  private func square(_ a: Matrix, _ i: Int, _ b: Matrix, _ j: Int) -> Double {
    (0..<a.columns).reduce(0) { sum, k in
      let difference = Double(a[i, k]) - Double(b[j, k])
      return sum + difference * difference
    }
  }

  /// All squares of some rows, (rows, count of the matrix), and how often each was given.
  private func squares(_ tiles: PairTiles, _ rows: Range<Int>, of a: Matrix) -> ([Float], [Int]) {
    var found = [Float](repeating: .nan, count: rows.count * tiles.count), times = found.map { _ in 0 }
    tiles.forEach(rows, of: a) { tile in
      for (i, row) in tile.rows.enumerated() {
        for (j, column) in tile.columns.enumerated() {
          let place = (row - rows.lowerBound) * tiles.count + column
          found[place] = tile.row(i)[j]
          times[place] += 1
        }
        for j in tile.columns.count..<tile.stride where j < (tile.columns.count + 31) / 32 * 32 {
          #expect(tile.row(i)[j] == .infinity)
        }
      }
    }
    return (found, times)
  }

  @Test(arguments: [1, 2, 7, 50, 300], [1, 31, 32, 33, 600])
  func squares(dimension: Int, count: Int) {
    let a = points(21, dimension, key: 1, offset: 1000), b = points(count, dimension, key: 2, offset: 1000)
    let (found, times) = squares(PairTiles(to: b), 0..<a.rows, of: a)
    #expect(times.allSatisfy { $0 == 1 })
    for i in 0..<a.rows {
      for j in 0..<count {
        let expected = square(a, i, b, j), error = abs(Double(found[i * count + j]) - expected)
        #expect(error <= 1e-7 * Double(dimension + 3) * expected)
      }
    }
  }

  @Test func equalRowsAreAtDistanceZero() {
    let b = points(100, 13, key: 3, offset: 1e4), (found, _) = squares(PairTiles(to: b), 0..<100, of: b)
    for i in 0..<100 { for j in 0..<100 { #expect((found[i * 100 + j] == 0) == (i == j)) } }
  }

  @Test func bitsDependOnNoPartition() {
    let a = points(1100, 5, key: 4), b = points(700, 5, key: 5), tiles = PairTiles(to: b)
    let (whole, _) = squares(tiles, 0..<a.rows, of: a)
    for cut in [1, 3, 8, 517, 1099] {
      let parts = squares(tiles, 0..<cut, of: a).0 + squares(tiles, cut..<a.rows, of: a).0
      #expect(parts == whole)
    }
  }

  @Test func noRows() {
    let a = points(3, 2, key: 6), none = Matrix(rows: 0, columns: 2)
    PairTiles(to: none).forEach(0..<3, of: a) { _ in Issue.record("a tile without columns") }
    PairTiles(to: a).forEach(0..<0, of: none) { _ in Issue.record("a tile without rows") }
  }
}
