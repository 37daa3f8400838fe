/// After every optimizer step each weight is rescaled to the Frobenius norm L^(1/layers).
package struct Frobenius: Constraint {
  package static let name = "frobenius"
  package init() {}

  package func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Rescaling() }

  private final class Rescaling: MatrixConstraint {
    func begin(_ matrix: WeightMatrix) { project(matrix) }

    func project(_ matrix: WeightMatrix) {
      guard !matrix.isLabelled else { return matrix.rescale(from: matrix.longestColumn().norm) }
      var sum = 0.0
      for i in 0..<matrix.count { sum += Double(matrix.stored[i]) * Double(matrix.stored[i]) }
      matrix.rescale(from: sum.squareRoot())
    }
  }
}
