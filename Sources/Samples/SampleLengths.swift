import Numerics

/// Two lengths of a sample set, robust against single far samples: its diameter and the spacing of its samples.
///
/// Both are made from samples at even distances in the set's order, by plain float64 arithmetic in a fixed order, so that
/// they depend on the samples alone.
package struct SampleLengths: Sendable {
  /// The 90th percentile of the distances between two of at most 1000 samples, fewer above 400 dimensions; 0 for a single sample.
  package let diameter: Double

  /// So many samples that their pairs cost some tenths of a second at most.
  static func mostSamples(dimension: Int) -> Int { min(1000, max(50, Int((4e8 / Double(dimension)).squareRoot()))) }
  static let percentile = 0.9

  /// Measures the diameter of samples, one a row.
  package init(_ rows: Matrix) {
    let chosen = Self.even(min(rows.rows, Self.mostSamples(dimension: rows.columns)), of: rows.rows)
    var squares: [Double] = []
    squares.reserveCapacity(chosen.count * (chosen.count - 1) / 2)
    for (place, i) in chosen.enumerated() {
      for j in chosen[..<place] { squares.append(Self.square(rows.row(i), rows.row(j), rows.columns)) }
    }
    squares.sort()
    diameter =
      squares.isEmpty ? 0 : squares[Int(Self.percentile * Double(squares.count - 1))].squareRoot()
  }

  /// The median distance from a sample to the nearest other one that is not equal to it, over at most 300 samples and, in
  /// large sets, among 20000; nil where there is none.
  package static func spacing(of rows: Matrix) -> Double? {
    let among = even(min(rows.rows, 20000), of: rows.rows)
    var nearest: [Double] = []
    for i in even(min(rows.rows, 300), of: rows.rows) {
      var least = Double.infinity
      for j in among {
        let square = square(rows.row(i), rows.row(j), rows.columns)
        if square > 0, square < least { least = square }
      }
      if least.isFinite { nearest.append(least) }
    }
    nearest.sort()
    return nearest.isEmpty ? nil : nearest[nearest.count / 2].squareRoot()
  }

  private static func even(_ count: Int, of total: Int) -> [Int] { (0..<count).map { $0 * total / count } }

  private static func square(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ columns: Int) -> Double {
    var sum = 0.0
    for column in 0..<columns {
      let difference = Double(a[column]) - Double(b[column])
      sum += difference * difference
    }
    return sum
  }
}
