import Glibc
import Numerics

/// After every optimizer step each weight is rescaled to the spectral norm L^(1/layers).
package struct Spectral: Constraint {
  /// The word that chooses it in a deck.
  package static let name = "spectral"

  /// Puts the start onto the constraint.
  package func begin(_ network: Network) { project(network) }

  /// Back onto the constraint.
  package func project(_ network: Network) {
    network.rescale { network.singularValues.largest($0, rows: $1, columns: $2) }
  }
}

/// x to the power y.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
