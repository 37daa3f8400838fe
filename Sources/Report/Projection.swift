import Numerics
import Runs

/// Two coordinates for looking at rows: themselves, or the two directions in which the target varies most.
struct Projection {
  private let mean: [Double], axes: [Double], dimension: Int
  /// The names of the axes.
  let names: [String]

  /// That of a target of at most some thousand rows, (count, dimension); nil where rows vary in no direction.
  init?(target: [Double], dimension: Int, names columns: [String]?) {
    self.dimension = dimension
    guard dimension > 2 else {
      mean = []
      axes = []
      names = columns?.count == dimension && dimension == 2 ? columns ?? [] : ["coordinate 1", "coordinate 2"]
      return
    }
    let count = target.count / dimension
    let found = PrincipalAxes.fit(rows: count, columns: dimension, atMost: min(2, count), blockRows: 256) {
      rows, memory in
      for i in 0..<rows.count * dimension { memory[i] = target[rows.lowerBound * dimension + i] }
    }
    guard let found, found.variances.count == 2 else { return nil }
    mean = found.mean
    axes = found.axes
    names = found.variances.enumerated().map {
      "component \($0 + 1) (\(Text.format("%.0f", 100 * $1 / found.totalVariance))% of variance)"
    }
  }

  /// The two coordinates of rows, (count, dimension).
  func points(_ rows: [Double]) -> [(x: Double, y: Double)] {
    stride(from: 0, to: rows.count, by: dimension).map { start in
      guard dimension > 2 else { return (rows[start], dimension > 1 ? rows[start + 1] : 0) }
      var sums = (x: 0.0, y: 0.0)
      for j in 0..<dimension {
        let value = rows[start + j] - mean[j]
        sums.x += value * axes[j]
        sums.y += value * axes[dimension + j]
      }
      return sums
    }
  }
}
