import MessagePassing
import Numerics

/// A translation and a unit of length in which two sets of points lie around the origin, a distance of about 1 away.
///
/// D_f^L is the same for points in another unit with L in its inverse; networks train well in this one, whatever the data's.
struct CommonScale {
  private let centre: [Double]
  /// The unit, in the data's.
  let unit: Double

  /// The scale of two sets: their mean, and the root mean square distance from it, each set counted alike.
  init(_ sets: [Matrix]) {
    let dimension = sets[0].columns
    var centre = [Double](repeating: 0, count: dimension)
    for set in sets {
      let share = 1 / Double(set.rows * sets.count)
      for row in 0..<set.rows { for k in 0..<dimension { centre[k] += share * Double(set[row, k]) } }
    }
    var square = 0.0
    for set in sets {
      let share = 1 / Double(set.rows * sets.count)
      for row in 0..<set.rows {
        for k in 0..<dimension {
          let distance = Double(set[row, k]) - centre[k]
          square += share * distance * distance
        }
      }
    }
    self.centre = centre
    unit = square > 0 ? square.squareRoot() : 1
  }

  /// Puts a set into this scale, in its place. Collective.
  func apply(to set: Matrix, on communicator: Communicator) throws {
    if try communicator.node().rank == 0 {
      for row in 0..<set.rows {
        for k in 0..<set.columns { set[row, k] = Float((Double(set[row, k]) - centre[k]) / unit) }
      }
    }
    try communicator.barrier()
  }
}
