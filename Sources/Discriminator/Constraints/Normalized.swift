import Numerics

/// phi = L net(W / sigma(W)) + last bias, sigma the norm of each weight as a map, differentiated through (Miyato
/// et al., "Spectral normalization for generative adversarial networks", 2018). No projection.
package struct Normalized: Constraint {
  package static let name = "normalized"
  package init() {}

  package func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Normalization(matrices) }

  private final class Normalization: MatrixConstraint {
    private let norms: WeightNorms

    init(_ matrices: [WeightMatrix]) { norms = WeightNorms(matrices) }

    func begin(_ matrix: WeightMatrix) { project(matrix) }

    func project(_ matrix: WeightMatrix) {
      if matrix.convolution != nil { _ = norms.find(matrix) }
    }

    var findings: [Double] { norms.findings }

    func take(findings: [Double]) { norms.take(findings: findings) }

    func fillEffective(_ matrix: WeightMatrix) {
      let weight = matrix.effective, sigma = norms.known(matrix)
      guard sigma != 0 else { return }
      let factor = matrix.outputScale / sigma
      for i in 0..<matrix.count { weight[i] = Float(Double(weight[i]) * factor) }
    }

    func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix) {
      let sigma = norms.polished(matrix)
      guard sigma != 0 else { return }
      var along = 0.0
      for i in 0..<matrix.count { along += gradient[i] * Double(matrix.stored[i]) }
      norms.subtractSlope(matrix, times: along / sigma, from: gradient)
      let scale = matrix.outputScale / sigma
      for i in 0..<matrix.count { gradient[i] = scale * gradient[i] }
    }
  }
}
