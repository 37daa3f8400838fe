import Numerics
import Samples

extension SamplePair {
  /// The Euclidean distances, in the rows' unit, from each row of `x` to its `count` nearest rows of `y`, ascending, (rows of
  /// x, count): the ranks share the rows of `x`. Collective.
  func nearestDistances(_ count: Int = 1, from x: Matrix, to y: Matrix) throws -> [Double] {
    let tiles = PairTiles(to: y)
    return try shared(rows: x.rows, width: count) { rows in
      tiles.nearest(count, of: rows, in: x).map { Double($0).squareRoot() }
    }
  }

  /// The squared distances from each row of `x` to its `count` nearest others, ascending, (rows, count), as they were computed:
  /// a ball that reaches to a row has that row in it. Collective.
  func squaredDistances(_ count: Int, within x: Matrix) throws -> [Float] {
    let tiles = PairTiles(to: x)
    return try shared(rows: x.rows, width: count) { rows in
      tiles.nearest(count, of: rows, in: x, isSame: true).map(Double.init)
    }.map(Float.init)
  }

  /// Whether each row of `x` lies in the ball around at least one row of `y`, of squared radii (rows of y). Collective.
  func covered(_ x: Matrix, by y: Matrix, squaredRadii: [Float]) throws -> [Bool] {
    let tiles = PairTiles(to: y)
    return try shared(rows: x.rows, width: 1) { rows in
      tiles.covers(rows, of: x, squaredRadii: squaredRadii).map { $0 ? 1 : 0 }
    }.map { $0 == 1 }
  }

  /// What each rank makes for its own rows, `width` numbers a row, put together on all ranks. Collective.
  func shared(rows count: Int, width: Int, _ body: (Range<Int>) -> [Double]) throws -> [Double] {
    let own = count * communicator.rank / communicator.size..<count * (communicator.rank + 1) / communicator.size
    var all = [Double](repeating: 0, count: count * width)
    all.replaceSubrange(own.lowerBound * width..<own.upperBound * width, with: body(own))
    // Each number is added to zeros alone.
    try all.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .sum) }
    return all
  }

  /// A fixed random choice of `count` rows of a matrix, in their order; the matrix where it has no more. Choices of different
  /// indices are independent.
  func thinned(_ rows: Matrix, to count: Int, index: Int) -> Matrix {
    choice(of: count, from: rows.rows, index: index).map { rows.rows($0) } ?? rows
  }

  /// The rows of such a choice; nil: all.
  private func choice(of count: Int, from total: Int, index: Int) -> [Int]? {
    total > count ? RandomNumbers(seed: seed, purpose: .evaluation).choice(of: count, from: total, index: index) : nil
  }

  /// The same of fewer rows: fixed random choices of three indices from `index` on.
  func thinned(a: Int, b: Int, heldOut most: Int, index: Int) -> SamplePair {
    let (some, others) = (
      choice(of: a, from: self.a.rows, index: index), choice(of: b, from: self.b.rows, index: index + 1)
    )
    func part(_ rows: Matrix, _ chosen: [Int]?) -> Matrix { chosen.map { rows.rows($0) } ?? rows }
    func part(_ numbers: [Int32], _ chosen: [Int]?) -> [Int32] { chosen.map { $0.map { numbers[$0] } } ?? numbers }
    return SamplePair(
      a: part(self.a, some), b: part(self.b, others),
      heldOut: heldOut.map { thinned($0, to: most, index: index + 2) }, origin: origin.map { part($0, some) },
      labels: labels.map { (part($0.a, some), part($0.b, others)) }, unit: unit, seed: seed, on: communicator)
  }

  /// The same with other sets, of which no more is known.
  func with(a: Matrix, b: Matrix, heldOut: Matrix?) -> SamplePair {
    SamplePair(a: a, b: b, heldOut: heldOut, unit: unit, seed: seed, on: communicator)
  }
}

extension Matrix {
  /// A matrix of its own of these rows.
  package func rows(_ chosen: [Int]) -> Matrix {
    let result = Matrix(rows: chosen.count, columns: columns)
    for (i, row) in chosen.enumerated() { result.row(i).update(from: self.row(row), count: columns) }
    return result
  }

  /// A matrix of its own whose columns are these times factors.
  func scaled(by factors: [Float]) -> Matrix {
    let result = copy()
    for row in 0..<rows {
      let x = result.row(row)
      for column in 0..<columns { x[column] *= factors[column] }
    }
    return result
  }
}

/// Means and variances of columns in float64, in the order of the rows.
struct ColumnMoments {
  let means: [Double]
  /// Of the rows given, not of what they were drawn from.
  let variances: [Double]

  init(_ rows: Matrix) {
    let count = Double(rows.rows), columns = rows.columns
    var sums = [Double](repeating: 0, count: columns), squares = sums
    for row in 0..<rows.rows {
      let x = rows.row(row)
      for column in 0..<columns { sums[column] += Double(x[column]) }
    }
    let means = sums.map { $0 / count }
    for row in 0..<rows.rows {
      let x = rows.row(row)
      for column in 0..<columns {
        let difference = Double(x[column]) - means[column]
        squares[column] += difference * difference
      }
    }
    self.means = means
    variances = squares.map { $0 / count }
  }
}
