import Numerics

/// The energy distance by its unbiased estimate, in which no sample is paired with itself.
package struct EnergyDistance: SampleMetric {
  package static let name = "energy_distance"
  package static let meaning =
    "2 E|X - Y| - E|X - X'| - E|Y - Y'|, no root taken, estimated without bias over pairs of different samples: around 0, and "
    + "below it as often as above, for two sets of one distribution (Szekely and Rizzo 2013)"

  package init() {}

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    if let obstacle = pair.obstacle(least: 2) { return Quantity.missing([Self.name], obstacle) }
    try pair.requireMemoryForTiles()
    let value = try pair.discrepancy {
      // The columns that fill up a tile are at infinity.
      let roots = $0.squareRoots
      return roots.replacing(with: 0, where: roots .== .infinity)
    }
    return [Quantity(Self.name, (0 - value) * pair.unit)]
  }
}
