import MessagePassing
import Numerics
import Samples

/// What some rows of target and source tell before a run: lengths, and the scale that a network learns well in.
package struct Survey: Sendable {
  /// The target's diameter.
  package let diameter: Double
  /// Centre and unit of target and source.
  package let scale: CommonScale
  /// How far the middles of source and target lie apart once they are aligned.
  package let distance: Double
  /// The source's standard deviation in every coordinate, as it is read.
  let sourceDeviations: [Double]
  /// The middle of the target, in the data's unit.
  let targetCentre: [Double]
  /// What aligns them.
  let alignment: Alignment
  /// Lines for people about columns; on the root.
  private let columnWarnings: [String]

  /// How far samples lie from the origin of a run's scale: between 2 and 4 training makes no difference (docs/defaults.md).
  private static let radius = 3.0

  /// What is known already.
  package init(diameter: Double, scale: CommonScale, distance: Double = 0) {
    self.diameter = diameter
    self.scale = scale
    self.distance = distance
    targetCentre = scale.centre
    sourceDeviations = scale.centre.map { _ in 0 }
    alignment = .none
    columnWarnings = []
  }

  /// Looks at open sets, the target first, then the source. In one process, or on the root.
  init(_ data: OpenData, _ deck: Deck) throws {
    let most = SampleLengths.mostSamples(dimension: data.dimension)
    let excerpts = try data.tables.prefix(2).map { try $0.table.excerpt(atMost: most) }
    diameter = SampleLengths.diameter(of: excerpts[0])
    let enough = max(most, min(20_000, 20_000_000 / data.dimension))
    let source = try data.tables[1].table.excerpt(atMost: enough)
    sourceDeviations = source.deviations
    alignment =
      deck.flow.start == FlowStart.none
      ? .none
      : try Alignment(
        deck.flow.start ?? .auto, source: source,
        target: try data.tables[0].table.excerpt(atMost: enough), isDrawn: deck.source.isDrawn)
    let aligned = [excerpts[0], alignment.applied(to: excerpts[1])]
    scale = CommonScale(of: aligned, radius: Self.radius)
    let middles = aligned.map { CommonScale(of: [$0], radius: 1).centre }
    targetCentre = middles[0]
    distance = zip(middles[0], middles[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    columnWarnings = ColumnSpreads(excerpts, names: data.names.columns).warnings
  }

  /// The same for all ranks. Collective; throws on all ranks alike.
  init(_ data: OpenData, _ deck: Deck, on communicator: Communicator) throws {
    var found: Survey?
    try communicator.onRoot { () throws -> Void in found = try Survey(data, deck) }
    diameter = try communicator.broadcast(found?.diameter ?? 0, from: 0)
    distance = try communicator.broadcast(found?.distance ?? 0, from: 0)
    scale = try CommonScale.ofRoot(found?.scale, dimension: data.dimension, on: communicator)
    var centre = found?.targetCentre ?? [Double](repeating: 0, count: data.dimension)
    try centre.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
    targetCentre = centre
    var deviations = found?.sourceDeviations ?? [Double](repeating: 0, count: data.dimension)
    try deviations.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
    sourceDeviations = deviations
    alignment = try Alignment.ofRoot(found?.alignment, dimension: data.dimension, on: communicator)
    columnWarnings = found?.columnWarnings ?? []
  }

  /// What users should know of their data, with the numbers of a deck.
  func warnings(_ deck: Deck, _ numbers: AutomaticNumbers) -> [String] {
    var warnings = columnWarnings.map { "warning: \($0)" }
    let reach = numbers.lipschitz * numbers.timeStep * deck.transport.schedule.total(of: deck.transport.steps)
    if deck.transport.error == nil, reach < distance {
      warnings.append(
        "warning: source and target lie \(Text.short(distance)) apart, and in these steps a particle moves at most "
          + "\(Text.short(reach)), L times the time, so that not all can arrive: raise transport.steps or time_step, or "
          + "shift the source onto the target first")
    }
    return warnings
  }
}
