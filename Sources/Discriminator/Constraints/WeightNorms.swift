import Numerics

/// The norms of a network's weights as maps: the largest singular value of a dense layer's matrix, the operator norm of a
/// convolution, and the longest column of a last layer with an output for each label, whose outputs have a Lipschitz constant
/// each.
final class WeightNorms {
  private let singularValues: SingularValues
  private let convolutions: [Int: ConvolutionNorm]

  /// Norms of the matrices of one network.
  init(_ matrices: [WeightMatrix]) {
    singularValues = SingularValues(
      shapes: matrices.filter { $0.convolution == nil && !$0.isLabelled }.map { ($0.rows, $0.columns) })
    var convolutions: [Int: ConvolutionNorm] = [:]
    for matrix in matrices {
      if let convolution = matrix.convolution { convolutions[matrix.offset] = ConvolutionNorm(convolution) }
    }
    self.convolutions = convolutions
  }

  /// The norm of the stored weight.
  func find(_ matrix: WeightMatrix) -> Double {
    if let convolution = convolutions[matrix.offset] { return convolution.update(matrix.stored) }
    if matrix.isLabelled { return matrix.longestColumn().norm }
    return singularValues.largest(matrix.stored, rows: matrix.rows, columns: matrix.columns)
  }

  /// The same, of a convolution as found last.
  func known(_ matrix: WeightMatrix) -> Double { convolutions[matrix.offset]?.value ?? find(matrix) }

  /// Takes the derivative of the norm by the stored weight, times a factor, from a gradient, after ``polished(_:)``.
  func subtractSlope(_ matrix: WeightMatrix, times factor: Double, from gradient: UnsafeMutablePointer<Double>) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    if let convolution = convolutions[matrix.offset] {
      convolution.forEachSlope(of: matrix.stored) { gradient[$0] -= factor * $1 }
    } else if matrix.isLabelled {
      let (norm, column) = matrix.longestColumn()
      for row in 0..<rows {
        let i = row * columns + column
        gradient[i] -= factor * Double(matrix.stored[i]) / norm
      }
    } else {
      let u = singularValues.u, v = singularValues.v
      for row in 0..<rows {
        for column in 0..<columns { gradient[row * columns + column] -= factor * u[row] * v[column] }
      }
    }
  }

  /// The norm to divide a gradient by, found again as precisely as its slope is.
  func polished(_ matrix: WeightMatrix) -> Double {
    guard matrix.convolution == nil, !matrix.isLabelled else { return known(matrix) }
    return singularValues.largest(matrix.stored, rows: matrix.rows, columns: matrix.columns, polishing: true)
  }

  /// What a continued run has to know, in the order of the matrices.
  var findings: [Double] { convolutions.sorted { $0.key < $1.key }.flatMap { $0.value.findings } }

  /// Takes findings back.
  func take(findings: [Double]) {
    var start = 0
    for (_, convolution) in convolutions.sorted(by: { $0.key < $1.key }) {
      let count = convolution.findings.count
      convolution.take(findings[start..<start + count])
      start += count
    }
  }
}
