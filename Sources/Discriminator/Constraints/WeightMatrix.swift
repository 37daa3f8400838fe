import Glibc

/// One weight of a network as a constraint works on it: a matrix of `rows` inputs and `columns` outputs, row-major.
package struct WeightMatrix {
  /// What the optimizer moves.
  package let stored: UnsafeMutablePointer<Float>
  /// What phi is computed with.
  package let effective: UnsafeMutablePointer<Float>
  /// The place of its first element among the network's parameters.
  package let offset: Int
  /// The number of inputs.
  package let rows: Int
  /// The number of outputs.
  package let columns: Int
  /// L for the last matrix, 1 for the others: constraints whose layers are 1-Lipschitz put L on the output.
  package let outputScale: Double
  /// L^(1/matrices): the norm of each where all have the same.
  package let normShare: Double
  /// Whether it is the network's last.
  package let isLast: Bool
  /// The convolution whose kernel it is; nil of a dense layer.
  package let convolution: Convolution?

  /// The number of elements.
  package var count: Int { rows * columns }
  /// Whether it is the last of a network with an output for each label.
  var isLabelled: Bool { isLast && columns > 1 }

  /// The matrices of a layout in parameters that lie there.
  package static func all(
    of layout: ParameterLayout, stored: UnsafeMutablePointer<Float>, effective: UnsafeMutablePointer<Float>,
    lipschitz: Double
  ) -> [WeightMatrix] {
    let shapes = layout.tensors.compactMap { tensor -> (offset: Int, rows: Int, columns: Int, Convolution?)? in
      switch tensor.kind {
      case .matrix(let rows, let columns): (tensor.offset, rows, columns, nil)
      case .kernel(let convolution): (tensor.offset, convolution.patchCount, convolution.filters, convolution)
      case .bias: nil
      }
    }
    let share = pow(lipschitz, 1 / Double(shapes.count))
    return shapes.enumerated().map { i, shape in
      let isLast = i == shapes.count - 1
      return WeightMatrix(
        stored: stored + shape.offset, effective: effective + shape.offset, offset: shape.offset, rows: shape.rows,
        columns: shape.columns, outputScale: isLast ? lipschitz : 1, normShare: share, isLast: isLast,
        convolution: shape.3)
    }
  }

  /// The length of its longest column, and the number of that.
  func longestColumn() -> (norm: Double, column: Int) {
    var longest = (norm: 0.0, column: 0)
    for column in 0..<columns {
      let norm = lengthOfColumn(column)
      if !(norm <= longest.norm) { longest = (norm, column) }
    }
    return longest
  }

  /// The length of a column.
  func lengthOfColumn(_ column: Int) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      let value = Double(stored[row * columns + column])
      sum += value * value
    }
    return sum.squareRoot()
  }

  /// Multiplies the stored matrix so that a norm of it, found to be `norm`, becomes ``normShare``. Zero stays.
  func rescale(from norm: Double) {
    guard norm != 0 else { return }
    let factor = normShare / norm
    for i in 0..<count { stored[i] = Float(Double(stored[i]) * factor) }
  }
}
