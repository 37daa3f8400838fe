import Numerics

/// The sliced W2 distance: that of projections on random lines.
package struct SlicedWasserstein: SampleMetric {
  package static let name = "sliced_w2"
  package static let meaning =
    "the root of the mean over 512 random directions of the squared W2 distance of the projections, without a factor for the "
    + "dimension (Rabin et al. 2012; Bonneel et al. 2015)"

  /// Directions are worked on a panel of a tile at a time.
  private static let batches = 16
  /// The draws of the first direction; those before are of other metrics.
  private static let firstStream = 1 << 40

  package init() {}

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    if let obstacle = pair.obstacle() { return Quantity.missing([Self.name, "\(Self.name)_squared"], obstacle) }
    let bytes = 4 * Double(Tile.columns + 1) * Double(pair.a.rows + pair.b.rows)
    try pair.requireMemory(onEachRank: bytes, for: "projections")
    let numbers = RandomNumbers(seed: pair.seed, purpose: .evaluation)
    let means = try pair.communicator.shareRows(Self.batches) { batches, means in
      for (i, batch) in batches.enumerated() {
        let directions = Self.directions(pair.a.columns, numbers, batch)
        let a = Projections(of: pair.a, on: directions), b = Projections(of: pair.b, on: directions)
        for k in 0..<Tile.columns { means[i] += Self.squaredDistance(a.sorted(k), b.sorted(k)) / Double(Tile.columns) }
      }
    }
    return Quantity.distance(Self.name, squared: means.reduce(0, +) / Double(Self.batches), of: pair)
  }

  /// A batch of unit vectors, (dimension, 32), uniform on the sphere.
  private static func directions(_ dimension: Int, _ numbers: RandomNumbers, _ batch: Int) -> Matrix {
    let panel = Matrix(rows: dimension, columns: Tile.columns)
    for k in 0..<panel.columns {
      var stream = numbers.stream(firstStream + batch * panel.columns + k)
      let vector = (0..<dimension).map { _ in stream.normal() }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for p in 0..<dimension { panel[p, k] = Float(vector[p] / norm) }
    }
    return panel
  }

  /// The squared W2 distance of two ascending lists: that of their quantile functions.
  static func squaredDistance(_ a: [Float], _ b: [Float]) -> Double {
    let n = a.count, m = b.count
    var i = 0, j = 0, level = 0, sum = 0.0
    // Levels are in units of 1/(n m).
    while i < n, j < m {
      let difference = Double(a[i]) - Double(b[j]), endOfA = (i + 1) * m, endOfB = (j + 1) * n
      let next = min(endOfA, endOfB)
      sum += Double(next - level) * difference * difference
      level = next
      if next == endOfA { i += 1 }
      if next == endOfB { j += 1 }
    }
    return sum / (Double(n) * Double(m))
  }
}

/// The projections of the rows of a matrix on the 32 directions of a panel.
private struct Projections {
  /// (rows, 32)
  private let values: Matrix

  init(of matrix: Matrix, on directions: Matrix) {
    let inner = matrix.columns, rows = matrix.rows, height = Tile.rows
    values = Matrix(rows: roundedUp(rows, to: height), columns: Tile.columns)
    let last = Matrix(rows: height, columns: inner), whole = rows / height * height
    last.elements.update(from: matrix.row(whole), count: (rows - whole) * inner)
    for row in stride(from: 0, to: values.rows, by: height) {
      let points = row < whole ? matrix.row(row) : last.elements, place = values.row(row)
      Tile.product(points, stride: inner, inner: inner, directions.elements, start: (.zero, .zero)) { r, left, right in
        left.store(place + r * Tile.columns)
        right.store(place + r * Tile.columns + Vector.lanes)
      }
    }
    count = rows
  }

  private let count: Int

  /// The projections on a direction, ascending.
  func sorted(_ direction: Int) -> [Float] {
    (0..<count).map { values.elements[$0 * Tile.columns + direction] }.sorted()
  }
}
