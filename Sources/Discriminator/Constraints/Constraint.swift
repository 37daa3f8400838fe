import Numerics
import Parameters

/// What holds the weights so that phi is L-Lipschitz; biases are always free. Each of the calls works on weights alone, so
/// its cost does not grow with the particles, and every rank does the same.
package protocol Constraint: Variant {
  /// Puts the stored start onto the constraint.
  func begin(_ network: Network)
  /// Fills `effective`, which holds a copy of `stored`, with what the layers use.
  func fillEffective(_ network: Network)
  /// Turns a gradient with respect to `effective` into one with respect to `stored`.
  func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ network: Network)
  /// Turns an optimizer's direction into one that stays on the constraint.
  func makeTangent(_ direction: UnsafeMutablePointer<Double>, _ network: Network)
  /// Puts `stored` back onto the constraint after an optimizer step.
  func project(_ network: Network)
}

extension Constraint {
  /// The weights that the layers use.
  package func fillEffective(_ network: Network) {}
  /// The gradient with respect to the stored weights.
  package func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ network: Network) {}
  /// The part of a direction that stays on the constraint.
  package func makeTangent(_ direction: UnsafeMutablePointer<Double>, _ network: Network) {}
  /// Back onto the constraint.
  package func project(_ network: Network) {}
}

/// All constraints that a deck can choose.
package let constraints: [any Constraint.Type] = [Spectral.self, Frobenius.self, Normalized.self, Orthonormal.self]

/// No constraint: what `lipschitz: .inf` asks for.
struct Unconstrained: Constraint {
  static let name = "none"
  func begin(_ network: Network) {}
}

extension Network {
  /// Multiplies each stored weight so that a norm of it becomes L^(1/layers). A weight of norm zero stays.
  func rescale(norm: (UnsafePointer<Float>, _ rows: Int, _ columns: Int) -> Double) {
    let goal = rootOfLipschitz
    for layer in 0..<layers {
      let weight = stored + weightOffsets[layer], rows = widths[layer], columns = widths[layer + 1]
      let found = norm(weight, rows, columns)
      guard found != 0 else { continue }
      let factor = goal / found
      for i in 0..<rows * columns { weight[i] = Float(Double(weight[i]) * factor) }
    }
  }

  private var rootOfLipschitz: Double { power(lipschitz, 1 / Double(layers)) }
}
