import Numerics

/// Some rows of a sample set in float64, on which lengths are measured: all, or a choice by random numbers of fixed key, so
/// that an order of the rows with a period is not met in one phase.
package struct Excerpt: Sendable {
  /// The number of coordinates of a row.
  package let dimension: Int
  /// The numbers, row after row.
  package let numbers: [Double]

  /// Rows of so many coordinates.
  package init(dimension: Int, numbers: [Double]) {
    self.dimension = dimension
    self.numbers = numbers
  }

  /// The number of rows.
  package var count: Int { numbers.count / dimension }

  /// A number by its row and coordinate.
  package subscript(row: Int, column: Int) -> Double { numbers[row * dimension + column] }

  /// Some of the rows, at even distances, as their order is either random or all there is.
  func thinned(to most: Int) -> Excerpt {
    guard count > most else { return self }
    return Excerpt(
      dimension: dimension,
      numbers: (0..<most).flatMap { index in
        let row = index * count / most
        return numbers[row * dimension..<(row + 1) * dimension]
      })
  }

  /// The indices of `most` of `total` rows, ascending; every choice equally likely (Floyd's algorithm; Bentley and Floyd
  /// 1987).
  package static func choice(of most: Int, from total: Int, seed: UInt64 = 0) -> [Int] {
    guard total > most else { return Array(0..<total) }
    var stream = RandomNumbers(seed: seed, purpose: .excerpt).stream(0), chosen: Set<Int> = []
    for last in total - most..<total {
      let index = stream.integer(below: last + 1)
      chosen.insert(chosen.contains(index) ? last : index)
    }
    return chosen.sorted()
  }
}
