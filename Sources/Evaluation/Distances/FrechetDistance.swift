import Numerics

/// The Frechet distance of images, on principal components in the place of a network's features.
package struct FrechetDistance: SampleMetric {
  package static let name = "frechet"
  package static let meaning =
    "|m - m'|^2 + tr(C + C' - 2 (C C')^1/2) of the means and covariances of A and B on the first \(mostComponents) principal "
    + "components of B: the squared W2 of their Gaussians, as the Frechet inception distance (Heusel et al. 2017), whose network's "
    + "weights are not used; comparable for sets of one size alone"
  package static let isUsual = false

  private static let mostComponents = 64

  package init() {}

  package static func seconds(_ counts: SetCounts) -> Double {
    let side = Double(min(counts.b, counts.dimension))
    return 1e-9 * side * side * side + 1e-8 * Double(counts.a + counts.b) * Double(counts.dimension)
  }

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    if let obstacle = pair.obstacle(least: 2) { return Quantity.missing([Self.name], obstacle) }
    let b = pair.b, components = min(Self.mostComponents, b.rows, b.columns)
    try pair.requireMemory(
      onEachRank: PrincipalAxes.bytes(rows: b.rows, columns: b.columns, atMost: components, blockRows: Self.blockRows),
      for: "the principal components of B")
    let axes = PrincipalAxes.fit(rows: b.rows, columns: b.columns, atMost: components, blockRows: Self.blockRows) {
      rows, memory in
      let first = b.row(rows.lowerBound)
      for i in 0..<rows.count * b.columns { memory[i] = Double(first[i]) }
    }
    guard let axes, !axes.variances.isEmpty else {
      return Quantity.missing([Self.name], "needs rows of B that differ")
    }
    let (first, second) = (Gaussian(pair.a, axes), Gaussian(b, axes))
    guard let value = first.squaredDistance(to: second) else {
      return Quantity.missing([Self.name], "found no root of the covariances")
    }
    return [Quantity(Self.name, value * pair.unit * pair.unit)]
  }

  private static let blockRows = 256
}

/// Mean and covariance of rows on some axes.
private struct Gaussian {
  private let mean: [Double]
  private let covariance: SymmetricMatrix

  init(_ rows: Matrix, _ axes: PrincipalAxes) {
    let count = axes.variances.count, columns = rows.columns
    var scores = [Double](repeating: 0, count: rows.rows * count), mean = [Double](repeating: 0, count: count)
    for row in 0..<rows.rows {
      let values = rows.row(row)
      for k in 0..<count {
        var sum = 0.0
        for i in 0..<columns { sum += (Double(values[i]) - axes.mean[i]) * axes.axes[k * columns + i] }
        scores[row * count + k] = sum
        mean[k] += sum / Double(rows.rows)
      }
    }
    var elements = [Double](repeating: 0, count: count * count)
    for row in 0..<rows.rows {
      for i in 0..<count {
        let left = (scores[row * count + i] - mean[i]) / Double(rows.rows - 1)
        for j in 0..<count { elements[i * count + j] += left * (scores[row * count + j] - mean[j]) }
      }
    }
    self.mean = mean
    covariance = SymmetricMatrix(size: count, elements: elements)
  }

  /// The squared W2 of the Gaussians (Dowson and Landau 1982); nil where a covariance has no root.
  func squaredDistance(to other: Gaussian) -> Double? {
    guard let root = covariance.mapped({ max($0, 0).squareRoot() }),
      let (values, _) = root.around(other.covariance).eigen()
    else { return nil }
    let apart = zip(mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    func trace(_ matrix: SymmetricMatrix) -> Double {
      (0..<matrix.size).reduce(0) { $0 + matrix.elements[$1 * matrix.size + $1] }
    }
    return apart + trace(covariance) + trace(other.covariance)
      - 2 * values.reduce(0) { $0 + max($1, 0).squareRoot() }
  }
}
