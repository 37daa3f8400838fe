import MessagePassing
import Numerics
import Samples

/// What some rows of target and source tell before a run: lengths, and the scale that a network learns well in.
package struct Survey: Sendable {
  /// The target's diameter.
  package let diameter: Double
  /// Centre and unit of target and source.
  package let scale: CommonScale
  /// How far the middles of source and target lie apart.
  package let distance: Double
  /// A line for people where a few columns are so much wider than the others that these hardly count.
  package let wideColumns: String?

  /// How far samples lie from the origin of a run's scale: between 2 and 4 training makes no difference (docs/defaults.md).
  private static let radius = 3.0

  /// What is known already.
  package init(diameter: Double, scale: CommonScale, distance: Double = 0, wideColumns: String? = nil) {
    self.diameter = diameter
    self.scale = scale
    self.distance = distance
    self.wideColumns = wideColumns
  }

  /// Looks at open sets, the target first, then the source. In one process, or on the root.
  init(_ data: OpenData) throws {
    let most = SampleLengths.mostSamples(dimension: data.dimension)
    let excerpts = try data.tables.prefix(2).map { try $0.table.excerpt(atMost: most) }
    diameter = SampleLengths.diameter(of: excerpts[0])
    scale = CommonScale(of: excerpts, radius: Self.radius)
    let middles = excerpts.map { CommonScale(of: [$0], radius: 1).centre }
    distance = zip(middles[0], middles[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    wideColumns = Self.wideColumns(excerpts, names: data.names.columns)
  }

  /// The same for all ranks. Collective; throws on all ranks alike.
  init(_ data: OpenData, on communicator: Communicator) throws {
    var found: Survey?
    try communicator.onRoot { () throws -> Void in found = try Survey(data) }
    diameter = try communicator.broadcast(found?.diameter ?? 0, from: 0)
    distance = try communicator.broadcast(found?.distance ?? 0, from: 0)
    scale = try CommonScale.ofRoot(found?.scale, dimension: data.dimension, on: communicator)
    wideColumns = found?.wideColumns
  }

  /// What users should know of their data, with the numbers of a deck.
  func warnings(_ deck: Deck, _ numbers: AutomaticNumbers) -> [String] {
    var warnings: [String] = []
    if let wideColumns { warnings.append("warning: \(wideColumns)") }
    let reach = numbers.lipschitz * numbers.timeStep * deck.transport.schedule.total(of: deck.transport.steps)
    if deck.transport.error == nil, reach < distance {
      warnings.append(
        "warning: source and target lie \(Text.short(distance)) apart, and in these steps a particle moves at most "
          + "\(Text.short(reach)), L times the time, so that not all can arrive: raise transport.steps or time_step, or "
          + "shift the source onto the target first")
    }
    return warnings
  }

  /// A column counts as wide where its spread is above so many times the median of all spreads.
  private static let wide = 100.0

  private static func wideColumns(_ sets: [Excerpt], names: [String]?) -> String? {
    let dimension = sets[0].dimension
    // The distance between the 10th and the 90th percentile within a set; the larger of both sets.
    let spreads = (0..<dimension).map { column in
      sets.map { set in
        let sorted = (0..<set.count).map { set[$0, column] }.sorted(), tenth = (sorted.count - 1) / 10
        return sorted[sorted.count - 1 - tenth] - sorted[tenth]
      }.max() ?? 0
    }
    let some = spreads.filter { $0 > 0 }.sorted()
    guard some.count > 1 else { return nil }
    let middle = some[(some.count - 1) / 2], widest = spreads.indices.filter { spreads[$0] > wide * middle }
    guard !widest.isEmpty else { return nil }
    func name(_ column: Int) -> String { names.map { "'\($0[column])'" } ?? "\(column + 1)" }
    let largest = widest.map { spreads[$0] }.max() ?? 0
    return "columns of very unlike spread: \(widest.prefix(5).map(name).joined(separator: ", "))"
      + (widest.count > 5 ? " and \(widest.count - 5) more" : "") + " spread\(widest.count == 1 ? "s" : "") up to "
      + "\(Text.short(largest / middle)) times as far as the median column, so that distances are "
      + "\(widest.count == 1 ? "its" : "theirs"), and what the others do is lost in it; divide columns by their standard "
      + "deviations first, or leave the wide ones out"
  }
}
