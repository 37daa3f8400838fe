/// Means and spreads of columns over rows that come block by block, each looked at once (Chan, Golub and LeVeque 1983): as
/// exact as two passes. The blocks' bounds and order decide the last bits.
public struct ColumnMoments: Sendable {
  /// The mean of every column.
  public private(set) var mean: [Double]
  /// Of every column, the sum of squared distances from its mean.
  public private(set) var squares: [Double]
  /// How many rows there were.
  public private(set) var count = 0
  private var blockMean: [Double]
  private var blockSquares: [Double]

  /// No rows yet.
  public init(columns: Int) {
    mean = [Double](repeating: 0, count: columns)
    squares = mean
    blockMean = mean
    blockSquares = mean
  }

  /// Adds rows, one after the other.
  public mutating func add(_ rows: UnsafePointer<Double>, rows count: Int) {
    guard count > 0 else { return }
    let columns = mean.count, share = Double(count) / Double(self.count + count)
    let weight = Double(self.count) * share
    blockMean.withUnsafeMutableBufferPointer { blockMean in
      blockSquares.withUnsafeMutableBufferPointer { blockSquares in
        blockMean.update(repeating: 0)
        blockSquares.update(repeating: 0)
        for row in 0..<count {
          let row = rows + row * columns
          for column in 0..<columns { blockMean[column] += row[column] }
        }
        for column in 0..<columns { blockMean[column] /= Double(count) }
        for row in 0..<count {
          let row = rows + row * columns
          for column in 0..<columns {
            let distance = row[column] - blockMean[column]
            blockSquares[column] += distance * distance
          }
        }
      }
    }
    for column in 0..<columns {
      let distance = blockMean[column] - mean[column]
      mean[column] += distance * share
      squares[column] += blockSquares[column] + distance * distance * weight
    }
    self.count += count
  }

  /// The standard deviation of every column as a population: the root of the mean squared distance. Exactly 0 where no more
  /// than rounding errors of the mean is left, by the bound of scikit-learn.
  public var deviations: [Double] {
    let n = Double(max(count, 1)), epsilon = Double.ulpOfOne
    return mean.indices.map { column in
      let variance = squares[column] / n, error = n * epsilon * mean[column]
      return variance <= n * epsilon * variance + error * error ? 0 : variance.squareRoot()
    }
  }
}
