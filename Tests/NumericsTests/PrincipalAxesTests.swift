import Numerics
import Testing

/// Means, spreads and directions against rows that are made of known ones.
@Suite struct PrincipalAxesTests {
  private func normals(_ rows: Int, _ columns: Int) -> [Double] {
    var stream = RandomNumbers(seed: 4, purpose: .test).stream(0)
    return (0..<rows * columns).map { _ in stream.normal() }
  }

  @Test func momentsOfBlocksAreThoseOfAll() {
    let rows = normals(100, 13).map { 1e8 + $0 }
    var whole = ColumnMoments(columns: 13), parts = whole
    whole.add(rows, rows: 100)
    for (first, count) in [(0, 1), (1, 40), (41, 0), (41, 59)] { parts.add(Array(rows[(first * 13)...]), rows: count) }
    for column in 0..<13 {
      let values = (0..<100).map { rows[$0 * 13 + column] - 1e8 }, mean = values.reduce(0, +) / 100
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      for moments in [whole, parts] {
        #expect(abs(moments.mean[column] - 1e8 - mean) < 1e-6)
        #expect(abs(moments.squares[column] - squares) < 1e-5)
        #expect(abs(moments.deviations[column] - (squares / 100).squareRoot()) < 1e-6)
      }
    }
  }

  @Test func aConstantHasNoDeviation() {
    var moments = ColumnMoments(columns: 2)
    for _ in 0..<7 { moments.add((0..<30).map { $0 % 2 == 0 ? 0.1 : Double($0) }, rows: 15) }
    #expect(moments.deviations[0] == 0 && moments.deviations[1] > 1)
  }

  @Test func largestEigenvaluesAreTheLastOfAll() throws {
    let n = 30, a = normals(n, n)
    var elements = [Double](repeating: 0, count: n * n)
    for i in 0..<n { for j in 0..<n { for k in 0..<n { elements[i * n + j] += a[i * n + k] * a[j * n + k] } } }
    let matrix = SymmetricMatrix(size: n, elements: elements)
    let all = try #require(matrix.eigen()), some = try #require(matrix.largestEigen(4))
    for k in 0..<4 {
      #expect(abs(some.values[k] - all.values[n - 1 - k]) < 1e-11)
      let vector = some.vectors[k * n..<(k + 1) * n]
      let other = all.vectors[(n - 1 - k) * n..<(n - k) * n]
      #expect(abs(abs(zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }) - 1) < 1e-12)
    }
    #expect(SymmetricMatrix(size: 1, elements: [.infinity]).largestEigen(1) == nil)
  }

  /// Rows and columns of the same matrix have the same singular values.
  @Test func wideAndTallAgree() throws {
    let rows = 40, columns = 25
    // Without a mean either way.
    var tall = normals(rows, columns)
    for _ in 0..<2 {
      for row in 0..<rows {
        let mean = tall[row * columns..<(row + 1) * columns].reduce(0, +) / Double(columns)
        for column in 0..<columns { tall[row * columns + column] -= mean }
      }
      for column in 0..<columns {
        let mean = (0..<rows).reduce(0) { $0 + tall[$1 * columns + column] } / Double(rows)
        for row in 0..<rows { tall[row * columns + column] -= mean }
      }
    }
    let wide = (0..<columns * rows).map { tall[$0 % rows * columns + $0 / rows] }
    func axes(_ numbers: [Double], _ rows: Int, _ columns: Int) throws -> PrincipalAxes {
      try #require(
        PrincipalAxes.fit(rows: rows, columns: columns, atMost: 5, blockRows: 16) { range, memory in
          for i in 0..<range.count * columns { memory[i] = numbers[range.lowerBound * columns + i] }
        })
    }
    let a = try axes(tall, rows, columns), b = try axes(wide, columns, rows)
    for k in 0..<5 {
      #expect(abs(a.variances[k] * Double(rows - 1) / (b.variances[k] * Double(columns - 1)) - 1) < 1e-11)
      // The scores along an axis of the one are along that of the other.
      let scores = (0..<rows).map { row in
        (0..<columns).reduce(0) { $0 + tall[row * columns + $1] * a.axes[k * columns + $1] }
      }
      let norm = scores.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let product = (0..<rows).reduce(0) { $0 + scores[$1] / norm * b.axes[k * rows + $1] }
      #expect(abs(abs(product) - 1) < 1e-10)
    }
  }

  @Test func sumsOfRows() {
    for (count, terms, columns) in [(1, 3, 5), (8, 4, 16), (19, 7, 29)] {
      let weights = normals(count, terms), rows = normals(terms, columns), base = normals(1, columns)
      var sums = [Double](repeating: 0, count: count * columns)
      RowSums.add(weights, count: count, of: rows, terms: terms, columns: columns, to: base, into: &sums)
      for row in 0..<count {
        for column in 0..<columns {
          let wanted = (0..<terms).reduce(base[column]) { $0 + weights[row * terms + $1] * rows[$1 * columns + column] }
          #expect(abs(sums[row * columns + column] - wanted) < 1e-13)
        }
      }
    }
  }
}
