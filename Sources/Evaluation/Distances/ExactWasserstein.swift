import MessagePassing
import Numerics

/// The W2 distance by the best plan.
package struct ExactWasserstein: SampleMetric {
  package static let name = "exact_w2"
  package static let meaning =
    "the root of the least mean squared distance of all plans that move one set onto the other, equally weighted samples "
    + "each (shortest augmenting paths; Jonker and Volgenant 1987)"

  /// The last blur of the first potentials, as a part of the diameter, and the iterations at each.
  private static let lastBlur = 0.01, sweeps = 3

  package init() {}

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    let (a, b) = (pair.a, pair.b), names = [Self.name, "\(Self.name)_squared"]
    if let obstacle = pair.obstacle() { return Quantity.missing(names, obstacle) }
    guard a.rows <= TransportProblem.mostPairs / b.rows else {
      return Quantity.missing(
        names, "is computed for up to \(TransportProblem.mostPairs) pairs of samples; sinkhorn_w2 has no such limit")
    }
    try pair.requireMemory(
      onEachRank: pair.communicator.isRoot ? 8 * Double(a.rows) * Double(b.rows + 7) : 0, for: "the costs of all pairs")
    let potentials = try Self.entropicPotentials(of: pair)
    let squared = try pair.communicator.onRoot { TransportProblem.between(a, b, potentials).solve() }
    return Quantity.distance(Self.name, squared: squared, of: pair)
  }

  /// Potentials of B's samples at a low temperature, of entropic transport at squared distances: from them the searches for the
  /// best plan are short. Collective.
  private static func entropicPotentials(of pair: SamplePair) throws -> [Double] {
    var g = [Double](repeating: 0, count: pair.b.rows)
    let diameter = SinkhornWasserstein.diameter(of: [pair.a, pair.b])
    guard diameter > 0 else { return g }
    let first = SoftMinimum(over: pair.a), second = SoftMinimum(over: pair.b)
    var blur = diameter
    while blur > lastBlur * diameter {
      blur *= 0.7
      for _ in 0..<sweeps {
        let f = try second(g, at: pair.a, epsilon: blur * blur, on: pair.communicator)
        g = try first(f, at: pair.b, epsilon: blur * blur, on: pair.communicator)
      }
    }
    return g.map { 2 * $0 }
  }
}

extension TransportProblem {
  /// The problem of moving a set onto another at squared distances.
  static func between(_ a: Matrix, _ b: Matrix, _ potentials: [Double]) -> TransportProblem {
    TransportProblem(rows: a.rows, columns: b.rows, potentials: potentials) { i, j in
      let x = a.row(i), y = b.row(j)
      var square = 0.0
      for k in 0..<a.columns {
        let difference = Double(x[k]) - Double(y[k])
        square += difference * difference
      }
      return square
    }
  }
}
