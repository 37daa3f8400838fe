import Numerics

/// Precision and recall by the balls that reach to each row's third neighbour in its own set.
package struct PrecisionRecall: SampleMetric {
  package static let name = "precision_recall"
  package static let meaning = """
    precision, the share of A's rows in the ball of a real row that reaches to its third nearest real neighbour; recall, the \
    share of real rows in such a ball of A's; real rows are the held-out ones where there are any, else B's; the larger set \
    is thinned to the count of the smaller (Kynkaanniemi et al. 2019)
    """
  package static let isDistance = false
  package static let usesHeldOut = true

  private static let neighbours = 3

  package init() {}

  package static func seconds(_ counts: SetCounts) -> Double {
    let rows = min(counts.a, counts.heldOut ?? counts.b)
    return 4 * counts.pairSeconds(rows, rows)
  }

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    let real = pair.heldOut ?? pair.b, count = min(pair.a.rows, real.rows)
    guard count > Self.neighbours else {
      let remark = "needs more than \(Self.neighbours) rows of each set"
      return ["precision", "recall"].map { Quantity($0, nil, remark: remark) }
    }
    let a = pair.thinned(pair.a, to: count, index: 3), b = pair.thinned(real, to: count, index: 4)
    return [
      Quantity("precision", try share(of: a, in: b, pair)), Quantity("recall", try share(of: b, in: a, pair)),
    ]
  }

  private func share(of rows: Matrix, in support: Matrix, _ pair: SamplePair) throws -> Double {
    let k = Self.neighbours, radii = try pair.squaredDistances(k, within: support)
    let isCovered = try pair.covered(rows, by: support, squaredRadii: (0..<support.rows).map { radii[$0 * k + k - 1] })
    return Double(isCovered.count { $0 }) / Double(rows.rows)
  }
}
