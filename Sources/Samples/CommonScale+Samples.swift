import MessagePassing
import Numerics

extension CommonScale {
  /// The scale of sets, each counted alike: around the mean of their medians by coordinate; the root mean square of their
  /// median distances from there becomes `radius`. Medians, as a mean of heavy tails says nothing of where samples are.
  package init(of sets: [Excerpt], radius: Double) {
    let dimension = sets[0].dimension, sets = sets.filter { $0.count > 0 }
    let centre = (0..<dimension).map { column in
      sets.reduce(0) { sum, set in sum + median((0..<set.count).map { set[$0, column] }) } / Double(sets.count)
    }
    let distances = sets.map { set in
      (0..<set.count).map { row in
        var sum = 0.0
        for column in 0..<dimension {
          let distance = set[row, column] - centre[column]
          sum += distance * distance
        }
        return sum.squareRoot()
      }
    }
    func mean(_ typical: ([Double]) -> Double) -> Double {
      let most = distances.map(typical).max() ?? 0
      // Squares of lengths such as 1e-200 are no numbers any more.
      let squares = distances.map(typical).reduce(0) { $0 + ($1 / most) * ($1 / most) }
      return most * (squares / Double(sets.count)).squareRoot()
    }
    var unit = mean(median)
    if !(unit > 0) { unit = mean { $0.reduce(0, +) / Double($0.count) } }
    self.init(centre: centre, unit: unit > 0 && unit.isFinite ? unit / radius : 1)
  }

  /// The root's scale of so many coordinates on all ranks; what the others pass does not matter. Collective.
  package static func ofRoot(
    _ scale: CommonScale?, dimension: Int, on communicator: Communicator
  ) throws -> CommonScale {
    var numbers = scale.map { [$0.unit] + $0.centre } ?? [Double](repeating: 0, count: 1 + dimension)
    try numbers.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
    return CommonScale(centre: Array(numbers[1...]), unit: numbers[0])
  }
}

private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted(), half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
