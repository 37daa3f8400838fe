import Numerics

/// The W2 distance by entropic optimal transport without its bias.
package struct SinkhornWasserstein: SampleMetric {
  package static let name = "sinkhorn_w2"
  package static let meaning =
    "the root of the debiased Sinkhorn divergence OT(A, B) - OT(A, A) / 2 - OT(B, B) / 2 with cost |x - y|^2 and temperature "
    + "2 blur^2, converged; sinkhorn_geomloss is that of GeomLoss, half its square: SamplesLoss(\"sinkhorn\", p=2, blur=...) "
    + "with cost |x - y|^2 / 2; the blur is 0.05 of the diagonal of the box around both sets (Feydy et al. 2019)"

  /// The blur as a part of the diameter.
  private static let blur = 0.05
  private static let names = ["sinkhorn_w2", "sinkhorn_w2_squared", "sinkhorn_geomloss", "sinkhorn_blur"]

  package init() {}

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    if let obstacle = pair.obstacle() { return Quantity.missing(Self.names, obstacle) }
    try pair.requireMemoryForTiles()
    let diameter = Self.diameter(of: [pair.a, pair.b]), blur = Self.blur * diameter
    var divergence: SinkhornDivergence?
    if diameter > 0 {
      divergence = try SinkhornDivergence(
        pair.a, pair.b, blur: blur, diameter: diameter, on: pair.communicator)
    }
    let value = divergence?.value ?? 0, isRight = divergence?.hasConverged ?? true
    return Quantity.distance(
      Self.name, squared: 2 * value, of: pair, remark: isRight ? nil : "the iterations ended before they had converged")
      + [
        Quantity("sinkhorn_geomloss", value * pair.unit * pair.unit),
        Quantity("sinkhorn_blur", blur * pair.unit),
      ]
  }

  /// The diagonal of the box around some sets, as GeomLoss has it.
  static func diameter(of sets: [Matrix]) -> Double {
    let columns = sets.map(\.columns).max() ?? 0
    var low = [Float](repeating: .infinity, count: columns), high = [Float](repeating: -.infinity, count: columns)
    for set in sets {
      for row in 0..<set.rows {
        for column in 0..<columns {
          low[column] = min(low[column], set[row, column])
          high[column] = max(high[column], set[row, column])
        }
      }
    }
    return zip(low, high).reduce(0) {
      let side = Double($1.1) - Double($1.0)
      return $0 + side * side
    }.squareRoot()
  }
}
