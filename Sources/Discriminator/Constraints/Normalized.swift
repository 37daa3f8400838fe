import Numerics

/// phi = L net(W / sigma(W)) + last bias, sigma the largest singular value of each weight, differentiated through (Miyato
/// et al., "Spectral normalization for generative adversarial networks", 2018). No projection.
package struct Normalized: Constraint {
  /// The word that chooses it in a deck.
  package static let name = "normalized"

  /// Puts the start onto the constraint.
  package func begin(_ network: Network) {}

  /// The weights that the layers use.
  package func fillEffective(_ network: Network) {
    for layer in 0..<network.layers {
      let (rows, columns) = (network.widths[layer], network.widths[layer + 1])
      let weight = network.effective + network.weightOffsets[layer]
      let sigma = network.singularValues.largest(weight, rows: rows, columns: columns)
      guard sigma != 0 else { continue }
      let factor = network.outputScale(layer) / sigma
      for i in 0..<rows * columns { weight[i] = Float(Double(weight[i]) * factor) }
    }
  }

  /// The gradient with respect to the stored weights.
  package func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ network: Network) {
    for layer in 0..<network.layers {
      let (rows, columns) = (network.widths[layer], network.widths[layer + 1])
      let weight = network.stored + network.weightOffsets[layer], g = gradient + network.weightOffsets[layer]
      let sigma = network.singularValues.largest(weight, rows: rows, columns: columns, polishing: true)
      let u = network.singularValues.u, v = network.singularValues.v
      guard sigma != 0 else { continue }
      var along = 0.0
      for i in 0..<rows * columns { along += g[i] * Double(weight[i]) }
      let scale = network.outputScale(layer) / sigma
      for row in 0..<rows {
        for column in 0..<columns {
          let i = row * columns + column
          g[i] = scale * (g[i] - along / sigma * u[row] * v[column])
        }
      }
    }
  }
}

extension Network {
  /// L for the last layer, 1 for the others: constraints whose layers are 1-Lipschitz put L on the output.
  func outputScale(_ layer: Int) -> Double { layer == layers - 1 ? lipschitz : 1 }
}
