import Numerics

/// After every optimizer step each weight is rescaled to the spectral norm L^(1/layers).
package struct Spectral: Constraint {
  package static let name = "spectral"
  package init() {}

  package func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Rescaling(matrices) }

  private final class Rescaling: MatrixConstraint {
    private let singularValues: SingularValues

    init(_ matrices: [WeightMatrix]) {
      singularValues = SingularValues(shapes: matrices.map { ($0.rows, $0.columns) })
    }

    func begin(_ matrix: WeightMatrix) { project(matrix) }

    func project(_ matrix: WeightMatrix) {
      matrix.rescale(from: singularValues.largest(matrix.stored, rows: matrix.rows, columns: matrix.columns))
    }
  }
}
