import Evaluation
import Numerics
import Testing

@Suite(.serialized) struct PrecisionRecallTests {
  private func measure(_ a: Matrix, _ b: Matrix, _ heldOut: Matrix? = nil) throws -> [Quantity] {
    try PrecisionRecall().measure(Sets.pair(a, b, heldOut))
  }

  /// The share of rows within a real row's distance to its third nearest other.
  private func share(of rows: Matrix, in support: Matrix) -> Double {
    let radii = (0..<support.rows).map { i in
      (0..<support.rows).filter { $0 != i }.map { Sets.distance(support, i, support, $0) }.sorted()[2]
    }
    let covered = (0..<rows.rows).count { i in
      (0..<support.rows).contains { Sets.distance(rows, i, support, $0) <= radii[$0] }
    }
    return Double(covered) / Double(rows.rows)
  }

  @Test(arguments: [2, 5])
  func definition(dimension: Int) throws {
    let a = Sets.gaussian(80, dimension, key: 20, deviation: 1.4, mean: 0.3), b = Sets.gaussian(80, dimension, key: 21)
    let found = try measure(a, b), precision = share(of: a, in: b), recall = share(of: b, in: a)
    #expect(try found.value("precision") == precision && found.value("recall") == recall)
    #expect(0 < precision && precision < recall)
  }

  /// Held-out rows are the real ones where there are any.
  @Test func heldOut() throws {
    let a = Sets.gaussian(60, 3, key: 22), b = Sets.gaussian(60, 3, key: 23), heldOut = Sets.gaussian(60, 3, key: 24)
    let found = try measure(a, b, heldOut)
    #expect(try found.value("precision") == share(of: a, in: heldOut))
  }

  @Test func extremes() throws {
    let a = Sets.gaussian(300, 2, key: 25), far = Sets.gaussian(40, 2, key: 26, mean: 100)
    for name in ["precision", "recall"] {
      #expect(try measure(a, a).value(name) == 1)
      #expect(try measure(a, far).value(name) == 0)
      #expect(try measure(a, Sets.gaussian(3, 2, key: 27)).isMissing(name))
    }
  }

  @Test func variances() throws {
    let a = Sets.gaussian(50, 3, key: 28), b = a.copy()
    for i in 0..<b.count { b.elements[i] = 2 * b.elements[i] + 5 }
    let found = try VarianceRatio().measure(Sets.pair(a, b)).value("variance_ratio")
    #expect(abs(found - 0.25) < 1e-6)
    #expect(try VarianceRatio().measure(Sets.pair(a, Matrix(rows: 4, columns: 3))).isMissing("variance_ratio"))
  }
}
