import Numerics

/// The way of one block of rows through a network, forward and backward, in memory that all blocks share.
///
/// Rows are points, float32, row-major (rows, dimension), each of which may have a label, the number of the network's output
/// that is phi of it. A call takes at most as many rows as the pass was made for; more end the program. None allocates
/// memory.
package protocol BlockPass: AnyObject {
  /// phi of the block's rows after ``forward(_:rows:label:)``.
  var phi: UnsafeMutablePointer<Float> { get }
  /// Weights w of the block's rows, for the caller to fill.
  var weights: UnsafeMutablePointer<Float> { get }
  /// Lets hidden units drop out of all that is computed until this is called again; nil: none does, as at first.
  func dropOut(_ draw: DropoutDraw?)
  /// Computes `phi` of `rows` points with their labels, each below the network's number of outputs; nil: all are 0. The
  /// labels outlive the backward passes of the same points.
  func forward(_ points: UnsafePointer<Float>, rows: Int, labels: UnsafePointer<Int32>?)
  /// Adds the gradient of sum_i w_i phi(x_i) with respect to the effective parameters, after a forward pass of the same
  /// points, to exact sums: tensor t of the layout to group `measure * tensors + t`. Without weights all are one.
  func backward(_ points: UnsafePointer<Float>, rows: Int, isWeighted: Bool, into sums: ExactSum, measure: Int)
  /// Computes w_i grad phi(x_i) of `rows` points into `result`, (rows, dimension), after a forward pass; `result` may be
  /// the points themselves.
  func inputGradient(rows: Int, into result: UnsafeMutablePointer<Float>)
}

extension BlockPass {
  /// Computes `phi` of `rows` points without labels.
  @inline(__always)
  package func forward(_ points: UnsafePointer<Float>, rows: Int) { forward(points, rows: rows, labels: nil) }
}
