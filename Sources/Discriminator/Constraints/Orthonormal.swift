import Numerics

/// phi = L net(W) + last bias with each weight on the Stiefel manifold: orthonormal columns, or rows where it is wide. The
/// start is the polar factor; gradients and directions are projected to the tangent space; after the step Newton-Schulz
/// iterations W <- 1.5 W - 0.5 W W^T W return to the manifold (Bjorck and Bowie 1971; Anil, Lucas, Grosse 2019).
///
/// A kernel is the matrix of its patch, divided by ceil(size / stride): a pixel lies in at most the square of that many patches,
/// so the convolution is 1-Lipschitz, and it keeps lengths where patches tile the image. The outputs for several labels are
/// columns of length 1 each.
package struct Orthonormal: Constraint {
  package static let name = "orthonormal"
  package init() {}

  package func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Manifold(matrices) }

  private final class Manifold: MatrixConstraint {
    private let singularValues: SingularValues
    private let manifold: StiefelManifold

    init(_ matrices: [WeightMatrix]) {
      let shapes = matrices.filter { !$0.isLabelled }.map { (rows: $0.rows, columns: $0.columns) }
      singularValues = SingularValues(shapes: shapes)
      manifold = StiefelManifold(shapes: shapes)
    }

    func begin(_ matrix: WeightMatrix) {
      guard !matrix.isLabelled else { return project(matrix) }
      // Scaled to singular values of at most 1, the iteration converges to the polar factor.
      let (rows, columns, weight) = (matrix.rows, matrix.columns, matrix.stored)
      let sigma = singularValues.largest(weight, rows: rows, columns: columns)
      guard sigma > 0 else { return }
      let w = (0..<matrix.count).map { Double(weight[$0]) / sigma }
      for (i, value) in polarFactor(w, rows, columns).enumerated() { weight[i] = Float(value) }
    }

    func fillEffective(_ matrix: WeightMatrix) {
      guard let scale = scale(of: matrix) else { return }
      for i in 0..<matrix.count { matrix.effective[i] = Float(Double(matrix.effective[i]) * scale) }
    }

    func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix) {
      if let scale = scale(of: matrix) { for i in 0..<matrix.count { gradient[i] *= scale } }
      makeTangent(gradient, matrix)
    }

    /// What the weight is multiplied by; nil: nothing.
    private func scale(of matrix: WeightMatrix) -> Double? {
      if let convolution = matrix.convolution { return 1 / Double(convolution.overlap) }
      return matrix.isLast ? matrix.outputScale : nil
    }

    /// Calls a body for the places of each column.
    private func forEachColumn(_ matrix: WeightMatrix, _ body: (_ column: Int, StrideTo<Int>) -> Void) {
      for column in 0..<matrix.columns { body(column, stride(from: column, to: matrix.count, by: matrix.columns)) }
    }

    func makeTangent(_ direction: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix) {
      guard !matrix.isLabelled else {
        return forEachColumn(matrix) { _, places in
          var along = 0.0
          for i in places { along += Double(matrix.stored[i]) * direction[i] }
          for i in places { direction[i] -= along * Double(matrix.stored[i]) }
        }
      }
      manifold.makeTangent(direction, at: matrix.stored, rows: matrix.rows, columns: matrix.columns)
    }

    func project(_ matrix: WeightMatrix) {
      guard !matrix.isLabelled else {
        return forEachColumn(matrix) { column, places in
          let length = matrix.lengthOfColumn(column)
          guard length > 0 else { return }
          for i in places { matrix.stored[i] = Float(Double(matrix.stored[i]) / length) }
        }
      }
      manifold.project(matrix.stored, rows: matrix.rows, columns: matrix.columns)
    }

    /// Newton-Schulz iterations in float64 until nothing changes any more: small singular values take many.
    private func polarFactor(_ start: [Double], _ rows: Int, _ columns: Int) -> [Double] {
      var w = start
      for _ in 0..<100 {
        let next = BLAS.newtonSchulz(w, rows: rows, columns: columns)
        var change = 0.0
        for i in w.indices { change = max(change, abs(next[i] - w[i])) }
        w = next
        if change < 1e-15 { break }
      }
      return w
    }
  }
}
