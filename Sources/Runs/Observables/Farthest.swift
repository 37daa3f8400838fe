import Flows
import Numerics

/// How far the farthest trained particle lies from the target's centre, at the beginning of the step, in the data's unit.
final class Farthest: Observable {
  static let column = "farthest"
  let columns = [column]
  let maxima = 1
  private let centre: [Float]

  /// From a point in the particles' scale.
  init(from centre: [Float]) { self.centre = centre }

  func add(_ flow: Flow, to sum: ExactSum, maxima: inout [Double]) {
    let positions = flow.motions[0].set.positions
    var largest = maxima[0]
    for row in 0..<positions.rows {
      let point = positions.row(row)
      var square = 0.0
      for i in 0..<centre.count {
        let distance = Double(point[i] - centre[i])
        square += distance * distance
      }
      largest = max(largest, square)
    }
    maxima[0] = largest
  }

  func values(_ measured: Measured) -> [Double] { [measured.maxima[0].squareRoot() * measured.flow.unit] }
}
