import Glibc
import Numerics
import Samples

/// The squared maximum mean discrepancy in the space of a Gaussian kernel, by its unbiased estimate.
package struct MaximumMeanDiscrepancy: SampleMetric {
  package static let name = "mmd"
  package static let meaning =
    "the distance of kernel means, its square E k(X, X') + E k(Y, Y') - 2 E k(X, Y) estimated without bias over pairs of "
    + "different samples, with k = exp(-|x - y|^2 / (2 s^2)) and s the median distance between two samples of both sets "
    + "together (Gretton et al. 2012)"

  /// The most samples whose pairs the median is taken of.
  private static let mostChosen = 2000
  private static let names = ["mmd", "mmd_squared", "mmd_bandwidth"]

  package init() {}

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    if let obstacle = pair.obstacle(least: 2) { return Quantity.missing(Self.names, obstacle) }
    try pair.requireMemoryForTiles()
    let (bandwidth, isMedian) = Self.bandwidth(of: pair)
    guard bandwidth > 0 else { return Quantity.missing(Self.names, "the samples give no bandwidth: they are equal") }
    let factor = Vector(repeating: Float(-0.5 * M_LOG2E / (bandwidth * bandwidth)))
    let squared = try pair.discrepancy { Exponential.ofTwo($0 * factor) }
    return [
      Quantity(
        "mmd", max(squared, 0).squareRoot(),
        remark: squared < 0 ? "the unbiased estimate of its square is below 0" : nil),
      Quantity("mmd_squared", squared),
      Quantity(
        "mmd_bandwidth", bandwidth * pair.unit,
        remark: isMedian ? nil : "the mean distance, as most samples are equal"),
    ]
  }

  /// The median distance between two samples of both sets, or the mean one where that is 0.
  private static func bandwidth(of pair: SamplePair) -> (value: Double, isMedian: Bool) {
    let first = pair.a.rows, chosen = Excerpt.choice(of: mostChosen, from: first + pair.b.rows)
    let sample = Matrix(rows: chosen.count, columns: pair.a.columns)
    for (i, row) in chosen.enumerated() {
      sample.row(i).update(from: row < first ? pair.a.row(row) : pair.b.row(row - first), count: sample.columns)
    }
    var squares: [Float] = []
    squares.reserveCapacity(sample.rows * (sample.rows - 1) / 2)
    PairTiles(to: sample).forEach(0..<sample.rows, of: sample) { tile in
      for (i, row) in tile.rows.enumerated() {
        for (j, column) in tile.columns.enumerated() where column < row { squares.append(tile.row(i)[j]) }
      }
    }
    squares.sort()
    let median = Double(squares[squares.count / 2]).squareRoot()
    guard median == 0 else { return (median, true) }
    return (squares.reduce(0) { $0 + Double($1).squareRoot() } / Double(squares.count), false)
  }
}
