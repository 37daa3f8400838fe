import Numerics

/// Whether A is as wide as B.
package struct VarianceRatio: SampleMetric {
  package static let name = "variance_ratio"
  package static let meaning = "the total variance of A (the sum of its columns') over that of B; 1: as wide"
  package static let isDistance = false

  package init() {}

  package static func seconds(_ counts: SetCounts) -> Double {
    2e-9 * Double(counts.a + counts.b) * Double(counts.dimension)
  }

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    // Of what the rows were drawn from, as the sets have different numbers of rows.
    let (a, b) = (variance(pair.a), variance(pair.b))
    return [Quantity(Self.name, b > 0 ? a / b : nil, remark: b > 0 ? nil : "all rows of B are equal")]
  }

  private func variance(_ rows: Matrix) -> Double {
    ColumnMoments(rows).variances.reduce(0, +) * Double(rows.rows) / Double(max(rows.rows - 1, 1))
  }
}
