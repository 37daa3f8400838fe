import Flows
import Numerics

/// How fast the trained particles move, of the step's effective velocity v in units of length over time: the Fisher
/// information (eq. 33 of the paper), mean |v|^2; the maximum of |v|; the mean of |v|.
final class Speeds: Observable {
  static let fisherInformation = "fisher_information"
  static let maximumSpeed = "maximum_speed"
  let columns = [fisherInformation, maximumSpeed, "mean_speed"]
  let sums = 2
  let maxima = 1

  func add(_ flow: Flow, to sum: ExactSum, maxima: inout [Double]) {
    let motion = flow.motions[0], velocity = motion.velocity
    var largest = maxima[0]
    motion.set.rows.forEach { _, first, rows in
      var squares = 0.0, norms = 0.0
      for row in first..<first + rows {
        let v = velocity.row(row)
        var square = 0.0
        for i in 0..<velocity.columns { square += Double(v[i]) * Double(v[i]) }
        largest = max(largest, square)
        squares += square
        norms += square.squareRoot()
      }
      sum.add(squares, to: 0)
      sum.add(norms, to: 1)
    }
    maxima[0] = largest
  }

  func values(_ measured: Measured) -> [Double] {
    let count = Double(measured.flow.motions[0].set.count), unit = measured.flow.unit
    // A length over its unit of time: one over the unit of length.
    return [
      measured.sum.numbers(0)[0] / count / unit / unit, measured.maxima[0].squareRoot() / unit,
      measured.sum.numbers(1)[0] / count / unit,
    ]
  }
}
