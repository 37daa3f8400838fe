import Numerics

/// Whether A remembers training rows, by each row's nearest neighbours.
package struct NearestNeighbours: SampleMetric {
  package static let name = "nearest_neighbours"
  package static let meaning = """
    by nearest neighbours, whether A remembers the rows of B: nearer_to_training, the share of A's rows nearer to a row of B \
    than to a held-out one (equal numbers of both, ties count half; 0.5: no memory); dcr_ratio, the mean distance from A to \
    the closest record of B over that from held-out rows (1: no memory); copies, the share of A nearer to B than 95% of the \
    held-out rows are (0.05: none); exact_copies and near_copies, the shares of A nearer to a row of B than 0.0001 and, if \
    not that, 0.1 of the median distance between nearest neighbours in B, columns in their standard deviations (reliable \
    from about 5 columns on: compare with the floor)
    """
  package static let isDistance = false
  package static let usesHeldOut = true

  /// Parts of the typical distance between neighbouring training rows.
  private static let exact = 1e-4, near = 0.1
  /// The typical distance is that of so many rows at most.
  private static let mostTypical = 4096
  /// The share of held-out rows that is nearer than a copy's limit.
  private static let copied = 0.05

  package init() {}

  package func measure(_ pair: SamplePair) throws -> [Quantity] { try memory(pair) + copies(pair) }

  package static func seconds(_ counts: SetCounts) -> Double {
    let heldOut = counts.heldOut ?? 0, thinned = min(counts.b, heldOut)
    return counts.pairSeconds(counts.a, counts.b) * 2 + counts.pairSeconds(counts.a, thinned) * 2
      + counts.pairSeconds(heldOut + mostTypical, counts.b)
  }

  /// The figures that held-out rows are needed for.
  private func memory(_ pair: SamplePair) throws -> [Quantity] {
    let names = ["nearer_to_training", "dcr_ratio", "copies"]
    guard let heldOut = pair.heldOut else {
      return names.map { Quantity($0, nil, remark: "needs held-out rows (--held-out)") }
    }
    let (a, b, count) = (pair.a, pair.b, min(pair.b.rows, heldOut.rows))
    let toTraining = try pair.nearestDistances(from: a, to: b)
    let toThinned =
      b.rows == count
      ? toTraining : try pair.nearestDistances(from: a, to: pair.thinned(b, to: count, index: 0))
    let toHeldOut = try pair.nearestDistances(from: a, to: pair.thinned(heldOut, to: count, index: 1))
    var nearer = 0.0
    for (training, other) in zip(toThinned, toHeldOut) { nearer += training < other ? 1 : training == other ? 0.5 : 0 }
    let fresh = try pair.nearestDistances(from: heldOut, to: b)
    let limit = quantile(fresh, Self.copied), typical = mean(fresh), rows = Double(a.rows)
    return [
      Quantity(names[0], nearer / rows, remark: thinning(b.rows, to: count)),
      Quantity(
        names[1], typical > 0 ? mean(toTraining) / typical : nil,
        remark: typical > 0 ? nil : "every held-out row is a row of B"),
      Quantity(names[2], Double(toTraining.count { $0 < limit }) / rows),
    ]
  }

  /// What pure copies of B would come to where B is thinned, as most of what they copy is then not there.
  private func thinning(_ rows: Int, to count: Int) -> String? {
    guard count < rows else { return nil }
    let share = 0.5 + 0.5 * Double(count) / Double(rows)
    return "B is thinned to \(count) rows: copies alone would give \((1000 * share).rounded() / 1000)"
  }

  private func copies(_ pair: SamplePair) throws -> [Quantity] {
    // A column that is constant in B says nothing of a unit: it counts in that of all.
    let factors = ColumnMoments(pair.b).variances.map { $0 > 0 ? Float(1 / $0.squareRoot()) : 1 }
    let b = pair.b.scaled(by: factors), some = pair.thinned(b, to: Self.mostTypical, index: 2)
    let neighbours = try pair.nearestDistances(2, from: some, to: b)
    let apart = (0..<some.rows).map { neighbours[2 * $0 + 1] }.filter { $0 > 0 && $0.isFinite }
    let typical = apart.isEmpty ? 0 : quantile(apart, 0.5)
    let distances = try pair.nearestDistances(from: pair.a.scaled(by: factors), to: b)
    let exact = distances.count { $0 <= Self.exact * typical }, near = distances.count { $0 < Self.near * typical }
    let rows = Double(pair.a.rows)
    return [
      Quantity("exact_copies", Double(exact) / rows),
      Quantity("near_copies", Double(max(near - exact, 0)) / rows),
    ]
  }
}

/// The mean, added up in order.
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The value below which a share of the values lies, between two of them in proportion.
func quantile(_ values: [Double], _ share: Double) -> Double {
  let sorted = values.sorted(), place = share * Double(sorted.count - 1), lower = Int(place)
  let upper = min(lower + 1, sorted.count - 1)
  return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
}
