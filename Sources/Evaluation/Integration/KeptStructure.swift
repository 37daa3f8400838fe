import Numerics

/// What is left of the places of A's rows among each other, where it is known where they were before.
package struct KeptStructure: SampleMetric {
  package static let name = "structure"
  package static let meaning = """
    distances_kept, Spearman's rank correlation of the distances between A's rows with those before they were moved (of at \
    most 1000 rows); neighbours_kept, the share of each row's 15 nearest neighbours in its own set that still are; 1: all
    """
  package static let isDistance = false

  private static let neighbours = 15, mostRows = 1000

  package init() {}

  package static func seconds(_ counts: SetCounts) -> Double {
    let some = min(counts.a, mostRows)
    return 2 * counts.pairSeconds(counts.a, counts.a) + 3e-7 * Double(some * some)
  }

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    let names = ["distances_kept", "neighbours_kept"]
    guard let origin = pair.origin else { return [] }
    guard pair.a.rows > Self.neighbours else {
      return names.map { Quantity($0, nil, remark: "needs more than \(Self.neighbours) rows") }
    }
    return [
      Quantity(names[0], distancesKept(pair, origin)), Quantity(names[1], try neighboursKept(pair, origin)),
    ]
  }

  private func distancesKept(_ pair: SamplePair, _ origin: Matrix) -> Double {
    let now = pair.thinned(pair.a, to: Self.mostRows, index: 60)
    let before = pair.thinned(origin, to: Self.mostRows, index: 60)
    return rankCorrelation(distances(before), distances(now))
  }

  /// The squared distances of all pairs.
  private func distances(_ rows: Matrix) -> [Double] {
    var all: [Double] = []
    all.reserveCapacity(rows.rows * (rows.rows - 1) / 2)
    for i in 0..<rows.rows {
      let x = rows.row(i)
      for j in i + 1..<rows.rows {
        let y = rows.row(j)
        var sum = 0.0
        for column in 0..<rows.columns {
          let difference = Double(x[column]) - Double(y[column])
          sum += difference * difference
        }
        all.append(sum)
      }
    }
    return all
  }

  private func neighboursKept(_ pair: SamplePair, _ origin: Matrix) throws -> Double {
    let count = min(Self.neighbours, pair.a.rows - 1), before = PairTiles(to: origin), now = PairTiles(to: pair.a)
    let kept = try pair.shared(rows: pair.a.rows, width: 1) { rows in
      let old = before.nearestRows(count, of: rows, in: origin), new = now.nearestRows(count, of: rows, in: pair.a)
      return rows.indices.map { place in
        let start = (place - rows.lowerBound) * count, isNow = Set(new[start..<start + count])
        return Double(old[start..<start + count].count { isNow.contains($0) })
      }
    }
    return kept.reduce(0, +) / Double(count * pair.a.rows)
  }
}
