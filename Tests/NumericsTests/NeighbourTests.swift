import Numerics
import Testing

/// Nearest rows and balls against all pairs in float64.
@Suite struct NeighbourTests {
  private func points(_ rows: Int, _ columns: Int, key: Int) -> Matrix {
    let matrix = Matrix(rows: rows, columns: columns)
    var stream = RandomNumbers(seed: 16, purpose: .test).stream(key)
    for i in 0..<matrix.count { matrix.elements[i] = Float(stream.normal()) }
    return matrix
  }

  private func square(_ a: Matrix, _ i: Int, _ b: Matrix, _ j: Int) -> Double {
    (0..<a.columns).reduce(0) { sum, k in
      let difference = Double(a[i, k]) - Double(b[j, k])
      return sum + difference * difference
    }
  }

  @Test(arguments: [1, 3, 40], [1, 2, 31, 33, 1100])
  func nearest(dimension: Int, count: Int) {
    let a = points(37, dimension, key: 1), b = points(count, dimension, key: 2), tiles = PairTiles(to: b)
    for most in [1, 2, 4] {
      let found = tiles.nearest(most, of: 5..<37, in: a)
      for row in 5..<37 {
        let all = (0..<count).map { square(a, row, b, $0) }.sorted()
        for k in 0..<most {
          let value = Double(found[(row - 5) * most + k])
          guard k < count else {
            #expect(value == .infinity)
            continue
          }
          #expect(abs(value - all[k]) <= 1e-5 * all[k])
        }
      }
    }
  }

  /// A row is not its own neighbour, but one that equals it is.
  @Test func neighboursOfTheSameSet() {
    let points = points(700, 3, key: 3)
    points.row(600).update(from: points.row(20), count: 3)
    let found = PairTiles(to: points).nearest(2, of: 0..<700, in: points, isSame: true)
    for row in 0..<700 {
      let others = (0..<700).filter { $0 != row }.map { square(points, row, points, $0) }.sorted()
      #expect(abs(Double(found[2 * row]) - others[0]) <= 1e-5 * others[0])
      #expect((found[2 * row] == 0) == (row == 20 || row == 600))
    }
  }

  @Test(arguments: [1, 33, 1100])
  func balls(count: Int) {
    let a = points(50, 2, key: 4), b = points(count, 2, key: 5)
    var stream = RandomNumbers(seed: 16, purpose: .test).stream(6)
    let radii = (0..<count).map { _ in Float(stream.uniform() * 10 / Double(count)) }
    let found = PairTiles(to: b).covers(3..<50, of: a, squaredRadii: radii)
    let expected = (3..<50).map { row in (0..<count).contains { square(a, row, b, $0) <= Double(radii[$0]) } }
    #expect(found == expected)
    #expect(count == 1 || expected.contains(true) && expected.contains(false))
  }

  /// A point on the rim of a ball is in it, also of a ball of radius 0.
  @Test func rim() {
    let a = Matrix(rows: 2, columns: 1), b = Matrix(rows: 1, columns: 1)
    a.elements[0] = 3
    #expect(PairTiles(to: b).covers(0..<2, of: a, squaredRadii: [9]) == [true, true])
    #expect(PairTiles(to: b).covers(0..<2, of: a, squaredRadii: [0]) == [false, true])
  }
}
