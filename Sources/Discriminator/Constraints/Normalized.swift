import Numerics

/// phi = L net(W / sigma(W)) + last bias, sigma the largest singular value of each weight, differentiated through (Miyato
/// et al., "Spectral normalization for generative adversarial networks", 2018). No projection.
package struct Normalized: Constraint {
  package static let name = "normalized"
  package init() {}

  package func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Normalization(matrices) }

  private final class Normalization: MatrixConstraint {
    private let singularValues: SingularValues

    init(_ matrices: [WeightMatrix]) {
      singularValues = SingularValues(shapes: matrices.map { ($0.rows, $0.columns) })
    }

    func fillEffective(_ matrix: WeightMatrix) {
      let weight = matrix.effective
      let sigma = singularValues.largest(weight, rows: matrix.rows, columns: matrix.columns)
      guard sigma != 0 else { return }
      let factor = matrix.outputScale / sigma
      for i in 0..<matrix.count { weight[i] = Float(Double(weight[i]) * factor) }
    }

    func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix) {
      let (rows, columns, weight) = (matrix.rows, matrix.columns, matrix.stored)
      let sigma = singularValues.largest(weight, rows: rows, columns: columns, polishing: true)
      let u = singularValues.u, v = singularValues.v
      guard sigma != 0 else { return }
      var along = 0.0
      for i in 0..<rows * columns { along += gradient[i] * Double(weight[i]) }
      let scale = matrix.outputScale / sigma
      for row in 0..<rows {
        for column in 0..<columns {
          let i = row * columns + column
          gradient[i] = scale * (gradient[i] - along / sigma * u[row] * v[column])
        }
      }
    }
  }
}
