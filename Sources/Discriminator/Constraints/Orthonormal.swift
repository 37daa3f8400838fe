import Numerics

/// phi = L net(W) + last bias with each weight on the Stiefel manifold: orthonormal columns, or rows where it is wide. The
/// start is the polar factor; gradients and directions are projected to the tangent space; after the step Newton-Schulz
/// iterations W <- 1.5 W - 0.5 W W^T W return to the manifold (Bjorck and Bowie 1971; Anil, Lucas, Grosse 2019).
package struct Orthonormal: Constraint {
  /// The word that chooses it in a deck.
  package static let name = "orthonormal"

  /// Puts the start onto the constraint.
  package func begin(_ network: Network) {
    // Scaled to singular values of at most 1, the iteration converges to the polar factor.
    for layer in 0..<network.layers {
      let (rows, columns) = (network.widths[layer], network.widths[layer + 1])
      let weight = network.stored + network.weightOffsets[layer]
      let sigma = network.singularValues.largest(weight, rows: rows, columns: columns)
      guard sigma > 0 else { continue }
      let w = (0..<rows * columns).map { Double(weight[$0]) / sigma }
      for (i, value) in polarFactor(w, rows, columns).enumerated() { weight[i] = Float(value) }
    }
  }

  /// The weights that the layers use.
  package func fillEffective(_ network: Network) {
    let last = network.layers - 1
    let weight = network.effective + network.weightOffsets[last]
    for i in 0..<network.widths[last] { weight[i] = Float(Double(weight[i]) * network.lipschitz) }
  }

  /// The gradient with respect to the stored weights.
  package func pullBack(_ gradient: UnsafeMutablePointer<Double>, _ network: Network) {
    let last = network.layers - 1
    for i in 0..<network.widths[last] { gradient[network.weightOffsets[last] + i] *= network.lipschitz }
    makeTangent(gradient, network)
  }

  /// The part of a direction that stays on the constraint.
  package func makeTangent(_ direction: UnsafeMutablePointer<Double>, _ network: Network) {
    for layer in 0..<network.layers {
      let offset = network.weightOffsets[layer]
      network.stiefelManifold.makeTangent(
        direction + offset, at: network.stored + offset, rows: network.widths[layer], columns: network.widths[layer + 1]
      )
    }
  }

  /// Back onto the constraint.
  package func project(_ network: Network) {
    for layer in 0..<network.layers {
      network.stiefelManifold.project(
        network.stored + network.weightOffsets[layer], rows: network.widths[layer],
        columns: network.widths[layer + 1])
    }
  }

  /// Newton-Schulz iterations in float64 until nothing changes any more: small singular values take many.
  private func polarFactor(_ start: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    var w = start
    for _ in 0..<100 {
      let next = Products.newtonSchulz(w, rows: rows, columns: columns)
      var change = 0.0
      for i in w.indices { change = max(change, abs(next[i] - w[i])) }
      w = next
      if change < 1e-15 { break }
    }
    return w
  }
}
