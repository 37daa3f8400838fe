/// Lengths of a sample set, robust against single far samples, by plain float64 arithmetic in a fixed order: they depend on
/// the samples alone.
package enum SampleLengths {
  /// The most samples that a diameter is made from: their pairs cost some tenths of a second at most.
  package static func mostSamples(dimension: Int) -> Int {
    min(1000, max(50, Int((4e8 / Double(dimension)).squareRoot())))
  }
  static let percentile = 0.9

  /// The 90th percentile of the distances between two of at most 1000 samples, fewer above 400 dimensions; 0 for a single
  /// sample.
  package static func diameter(of samples: Excerpt) -> Double {
    let chosen = samples.thinned(to: mostSamples(dimension: samples.dimension))
    var squares: [Double] = []
    squares.reserveCapacity(chosen.count * (chosen.count - 1) / 2)
    for i in 0..<chosen.count { for j in 0..<i { squares.append(square(i, j, chosen)) } }
    squares.sort()
    return squares.isEmpty ? 0 : squares[Int(percentile * Double(squares.count - 1))].squareRoot()
  }

  /// The most samples among which ``spacing(of:)`` looks for neighbours.
  package static let mostNeighbours = 20_000

  /// The median distance from a sample to the nearest other one that is not equal to it, over at most 300 samples and, in
  /// large sets, among 20000; nil where there is none.
  package static func spacing(of samples: Excerpt) -> Double? {
    let among = samples.thinned(to: mostNeighbours), count = min(among.count, 300)
    var nearest: [Double] = []
    for i in (0..<count).map({ $0 * among.count / count }) {
      var least = Double.infinity
      for j in 0..<among.count {
        let square = square(i, j, among)
        if square > 0, square < least { least = square }
      }
      if least.isFinite { nearest.append(least) }
    }
    nearest.sort()
    return nearest.isEmpty ? nil : nearest[nearest.count / 2].squareRoot()
  }

  private static func square(_ i: Int, _ j: Int, _ samples: Excerpt) -> Double {
    let columns = samples.dimension
    return samples.numbers.withUnsafeBufferPointer { numbers in
      var sum = 0.0
      for column in 0..<columns {
        let difference = numbers[i * columns + column] - numbers[j * columns + column]
        sum += difference * difference
      }
      return sum
    }
  }
}
