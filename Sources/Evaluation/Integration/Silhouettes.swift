import Numerics

/// How much farther a row lies from the rows of other clusters than from those of its own, with labels and with sets as clusters.
package struct Silhouettes: SampleMetric {
  package static let name = "silhouettes"
  package static let meaning = """
    the mean over all rows of (b - a) / max(a, b), a the mean distance to the other rows of a row's cluster, b that to the rows of \
    the nearest other one (Rousseeuw 1987): set_silhouette with A and B as clusters (0: mixed, 1: apart), and with labels of \
    both sets label_silhouette with labels as clusters (1: labels apart, below 0: rows lie among those of another label)
    """
  package static let isDistance = false

  package init() {}

  package static func seconds(_ counts: SetCounts) -> Double {
    counts.pairSeconds(counts.a + counts.b, counts.a + counts.b)
  }

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    if let obstacle = pair.obstacle(least: 2) { return Quantity.missing(["set_silhouette"], obstacle) }
    try pair.requireMemoryForTiles()
    let labels = pair.labels ?? (Array(repeating: 0, count: pair.a.rows), Array(repeating: 0, count: pair.b.rows))
    let groups = Self.groups(pair.a, labels.a, set: 0) + Self.groups(pair.b, labels.b, set: 1)
    // The sums of distances from all rows of a group to those of each other group.
    let sums = try groups.map { own in
      try groups.map { other in
        try PairTiles(to: other.rows).sums(of: own.rows, on: pair.communicator) {
          let roots = $0.squareRoots
          return roots.replacing(with: 0, where: roots .== .infinity)
        }
      }
    }
    var quantities = [Quantity("set_silhouette", Self.mean(sums, groups) { $0.set })]
    if pair.labels != nil, Set(groups.map(\.label)).count > 1 {
      quantities.append(Quantity("label_silhouette", Self.mean(sums, groups) { $0.label }))
    }
    return quantities
  }

  /// The rows of one set that have one label.
  private struct Group {
    let rows: Matrix
    let label: Int32, set: Int32
  }

  private static func groups(_ rows: Matrix, _ labels: [Int32], set: Int32) -> [Group] {
    Set(labels).sorted().map { label in
      Group(rows: rows.rows(labels.indices.filter { labels[$0] == label }), label: label, set: set)
    }
  }

  private static func mean(_ sums: [[[Double]]], _ groups: [Group], _ cluster: (Group) -> Int32) -> Double {
    var counts: [Int32: Int] = [:]
    for group in groups { counts[cluster(group), default: 0] += group.rows.rows }
    let clusters = counts.keys.sorted()
    var total = 0.0
    for (own, group) in groups.enumerated() {
      let its = cluster(group), alone = counts[its] == 1
      guard !alone else { continue }
      for row in 0..<group.rows.rows {
        var inside = 0.0, outside = Double.infinity
        for other in clusters {
          let sum = groups.indices.reduce(0) { cluster(groups[$1]) == other ? $0 + sums[own][$1][row] : $0 }
          let count = Double(counts[other] ?? 0)
          if other == its { inside = sum / (count - 1) } else { outside = min(outside, sum / count) }
        }
        let longest = max(inside, outside)
        total += longest > 0 ? (outside - inside) / longest : 0
      }
    }
    return total / Double(groups.reduce(0) { $0 + $1.rows.rows })
  }
}
