import Foundation
import Testing

/// Expects |a - b| <= absolute + relative * |b|, where b is the truth. NaN is close to nothing, an infinity to itself.
package func expectClose(
  _ a: Double, _ b: Double, relative: Double = 0, absolute: Double = 0, _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  if a == b || abs(a - b) <= absolute + relative * abs(b) { return }
  Issue.record(
    "\(prefix(comment()))\(a) is not close to \(b): difference \(abs(a - b)), allowed \(absolute + relative * abs(b))",
    sourceLocation: sourceLocation)
}

/// Expects as many values and max |a_i - b_i| <= absolute + relative * max |b_i|: relative to the largest value, so that
/// entries near zero need not be exact. Reports the worst entry.
package func expectClose(
  _ a: [Double], _ b: [Double], relative: Double = 0, absolute: Double = 0,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard a.count == b.count else {
    Issue.record("\(prefix(comment()))\(a.count) values beside \(b.count)", sourceLocation: sourceLocation)
    return
  }
  let allowed = absolute + relative * (b.lazy.map { abs($0) }.max() ?? 0)
  var worst = 0, worstDifference = -1.0, far = 0
  for i in a.indices where a[i] != b[i] {
    let difference = abs(a[i] - b[i])
    if difference <= allowed { continue }
    far += 1
    if difference.isNaN || difference > worstDifference {
      worst = i
      worstDifference = difference.isNaN ? .infinity : difference
    }
  }
  if far == 0 { return }
  Issue.record(
    """
    \(prefix(comment()))\(far) of \(a.count) values are not close; worst at \(worst): \(a[worst]) beside \(b[worst]), \
    allowed difference \(allowed)
    """, sourceLocation: sourceLocation)
}

/// The same for float32 results, compared in float64.
package func expectClose(
  _ a: [Float], _ b: [Double], relative: Double = 0, absolute: Double = 0,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    a.map(Double.init), b, relative: relative, absolute: absolute, comment(), sourceLocation: sourceLocation)
}

/// Expects the same bit patterns, so that -0 and 0 differ and a NaN equals itself. Reports the first that differs.
package func expectSameBits<T: BinaryFloatingPoint>(
  _ a: [T], _ b: [T], _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard a.count == b.count else {
    Issue.record("\(prefix(comment()))\(a.count) values beside \(b.count)", sourceLocation: sourceLocation)
    return
  }
  func same(_ x: T, _ y: T) -> Bool {
    x.sign == y.sign && x.exponentBitPattern == y.exponentBitPattern
      && x.significandBitPattern == y.significandBitPattern
  }
  let different = a.indices.filter { !same(a[$0], b[$0]) }
  guard let first = different.first else { return }
  Issue.record(
    "\(prefix(comment()))\(different.count) of \(a.count) values differ, the first at \(first): \(a[first]), \(b[first])",
    sourceLocation: sourceLocation)
}

/// Expects `gradient` to be the gradient of `function` at x, by central differences with the given step in float64.
///
/// The allowed difference is relative to the largest entry of the gradient. Where `function` is computed in float32, take
/// a step near 1e-2 of the scale on which it bends and a tolerance near 1e-2; in float64 1e-5 and 1e-7.
package func gradientCheck(
  at x: [Double], gradient: [Double], step: Double = 1e-5, relative: Double = 1e-6, absolute: Double = 1e-9,
  sourceLocation: SourceLocation = #_sourceLocation, of function: ([Double]) throws -> Double
) rethrows {
  var moved = x
  var differences: [Double] = []
  for i in x.indices {
    moved[i] = x[i] + step
    let above = try function(moved)
    moved[i] = x[i] - step
    let below = try function(moved)
    moved[i] = x[i]
    differences.append((above - below) / (2 * step))
  }
  expectClose(
    gradient, differences, relative: relative, absolute: absolute, "gradient beside differences",
    sourceLocation: sourceLocation)
}

/// The observed order of a method: the least-squares slope of log(error) over log(step).
///
/// Takes two points or more, with positive steps and errors; NaN where that is not so.
package func fitOrder(steps: [Double], errors: [Double]) -> Double {
  let points = zip(steps, errors).filter { $0 > 0 && $1 > 0 }.map { (log($0), log($1)) }
  guard steps.count == errors.count, points.count == steps.count, points.count >= 2 else { return .nan }
  let n = Double(points.count)
  let meanX = points.reduce(0) { $0 + $1.0 } / n, meanY = points.reduce(0) { $0 + $1.1 } / n
  let covariance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
  let variance = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
  return covariance / variance
}

private func prefix(_ comment: String) -> String { comment.isEmpty ? "" : comment + ": " }
