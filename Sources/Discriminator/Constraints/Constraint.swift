import Parameters

/// What holds the weights so that phi is L-Lipschitz; biases are always free.
package protocol Constraint: Variant {
  /// The constraint with its working memory for the matrices of one network.
  func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint
  /// The factor of the penalty of slopes beyond L; nil of a constraint of the weights.
  var penalty: Double? { get }
  /// The same constraint for coordinates in a unit of the data.
  func inUnit(_ unit: Double) -> any Constraint
}

extension Constraint {
  package var penalty: Double? { nil }
  package func inUnit(_ unit: Double) -> any Constraint { self }
}

/// A constraint at work on the matrices of one network, one at a time. Each of the calls works on weights alone, so its cost
/// does not grow with the particles, and every rank does the same. Gradients and directions are those of the matrix, in its
/// layout.
package protocol MatrixConstraint: AnyObject {
  /// Puts the stored start onto the constraint.
  func begin(_ matrix: WeightMatrix)
  /// Changes `effective`, which holds a copy of `stored`, to what phi is computed with.
  func fillEffective(_ matrix: WeightMatrix)
  /// Turns a gradient with respect to `effective` into one with respect to `stored`.
  func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix)
  /// Turns an optimizer's direction into one that stays on the constraint.
  func makeTangent(_ direction: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix)
  /// Puts `stored` back onto the constraint after an optimizer step.
  func project(_ matrix: WeightMatrix)
  /// What it has found of the weights and needs for the next step; always as many numbers.
  var findings: [Double] { get }
  /// Takes findings back.
  func take(findings: [Double])
}

extension MatrixConstraint {
  package func begin(_ matrix: WeightMatrix) {}
  package func fillEffective(_ matrix: WeightMatrix) {}
  package func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix) {}
  package func makeTangent(_ direction: UnsafeMutablePointer<Double>, _ matrix: WeightMatrix) {}
  package func project(_ matrix: WeightMatrix) {}
  package var findings: [Double] { [] }
  package func take(findings: [Double]) {}
}

/// All constraints that a deck can choose.
package let constraints: [any Constraint.Type] = [
  Spectral.self, Frobenius.self, Normalized.self, Orthonormal.self, GradientPenalty.self,
]

/// No constraint: what `lipschitz: .inf` asks for.
struct Unconstrained: Constraint {
  static let name = "none"
  init() {}

  func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Free() }

  private final class Free: MatrixConstraint {}
}
