import Numerics

/// What a gradient penalty adds of a block: the sum of p^2, p = (|grad phi| - L)_+, and the derivative of half of it by the
/// parameters.
///
/// With u the direction of grad phi(x), the derivative of |grad phi(x)| is that of the slope of phi along u, of which
/// (phi(x + h u) - phi(x - h u)) / 2h is the value up to the order of h^2: so a forward and a backward pass of two displaced
/// points are all that it takes, of any architecture (Pearlmutter, "Fast exact multiplication by the Hessian", 1994, has the
/// exact form and this one).
package final class PenaltyPass {
  private let lipschitz: Double
  private let distance: Float
  private let dimension: Int
  private let directions, displaced, excess: UnsafeMutablePointer<Float>

  /// The penalty of slopes beyond L, for blocks of up to `height` points that are displaced by a distance.
  package init(lipschitz: Double, distance: Double, dimension: Int, height: Int) {
    self.lipschitz = lipschitz
    self.distance = Float(distance)
    self.dimension = dimension
    directions = alignedMemory(of: Float.self, count: height * dimension)
    displaced = alignedMemory(of: Float.self, count: height * dimension)
    excess = alignedMemory(of: Float.self, count: height)
  }

  deinit { for memory in [directions, displaced, excess] { memory.deallocate() } }

  /// The bytes of a penalty's memory.
  static func bytes(dimension: Int, height: Int) -> Int { 8 * height * dimension }

  /// A hundredth of the root mean square distance of points from their mean: far above what float32 rounds of phi, and so near
  /// that no slope changes much.
  package static func distance(of points: Matrix) -> Double {
    var square = 0.0
    for column in 0..<points.columns {
      var sum = 0.0, squares = 0.0
      for row in 0..<points.rows { sum += Double(points[row, column]) }
      let mean = sum / Double(points.rows)
      for row in 0..<points.rows {
        let difference = Double(points[row, column]) - mean
        squares += difference * difference
      }
      square += squares / Double(points.rows)
    }
    return square > 0 ? 0.01 * square.squareRoot() : 0.01
  }

  /// Adds a block's part, after a forward pass of the points; returns the sum of p^2.
  package func add(
    _ points: UnsafePointer<Float>, rows: Int, labels: UnsafePointer<Int32>?, _ pass: any BlockPass,
    into sums: ExactSum, measure: Int
  ) -> Double {
    let weights = pass.weights
    weights.update(repeating: 1, count: rows)
    pass.inputGradient(rows: rows, into: directions)
    var total = 0.0
    for row in 0..<rows {
      let direction = directions + row * dimension
      var square = 0.0
      for i in 0..<dimension { square += Double(direction[i]) * Double(direction[i]) }
      let slope = square.squareRoot(), beyond = slope - lipschitz
      // A slope that is not a number has to reach the sums.
      excess[row] = beyond <= 0 ? 0 : Float(beyond)
      total += Double(excess[row]) * Double(excess[row])
      let scale = beyond <= 0 ? 0 : Float(1 / slope)
      for i in 0..<dimension { direction[i] *= scale }
    }
    guard total != 0 else { return 0 }
    for side in [distance, -distance] {
      for i in 0..<rows * dimension { displaced[i] = points[i] + side * directions[i] }
      pass.forward(displaced, rows: rows, labels: labels)
      for row in 0..<rows { weights[row] = excess[row] / (2 * side) }
      pass.backward(displaced, rows: rows, isWeighted: true, into: sums, measure: measure)
    }
    return total
  }
}
