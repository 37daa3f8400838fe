import Numerics

/// After every optimizer step each weight is rescaled to the spectral norm L^(1/layers).
package struct Spectral: Constraint {
  package static let name = "spectral"
  package init() {}

  package func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Rescaling(matrices) }

  private final class Rescaling: MatrixConstraint {
    private let norms: WeightNorms

    init(_ matrices: [WeightMatrix]) { norms = WeightNorms(matrices) }

    func begin(_ matrix: WeightMatrix) { project(matrix) }

    func project(_ matrix: WeightMatrix) { matrix.rescale(from: norms.find(matrix)) }

    var findings: [Double] { norms.findings }

    func take(findings: [Double]) { norms.take(findings: findings) }
  }
}
