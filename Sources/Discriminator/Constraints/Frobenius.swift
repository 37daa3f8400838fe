/// After every optimizer step each weight is rescaled to the Frobenius norm L^(1/layers).
package struct Frobenius: Constraint {
  /// The word that chooses it in a deck.
  package static let name = "frobenius"

  /// Puts the start onto the constraint.
  package func begin(_ network: Network) { project(network) }

  /// Back onto the constraint.
  package func project(_ network: Network) {
    network.rescale { weight, rows, columns in
      var sum = 0.0
      for i in 0..<rows * columns { sum += Double(weight[i]) * Double(weight[i]) }
      return sum.squareRoot()
    }
  }
}
