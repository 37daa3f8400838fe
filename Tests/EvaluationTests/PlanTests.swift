import Evaluation
import Numerics
import Testing

/// The best plan beside all plans.
@Suite(.serialized) struct PlanTests {
  /// The least sum of a cost for each row, over all ways to give each row a column of its own.
  private func least(_ costs: [[Double]], from row: Int = 0, taken: Set<Int> = []) -> Double {
    guard row < costs.count else { return 0 }
    return costs.indices.filter { !taken.contains($0) }.map {
      costs[row][$0] + least(costs, from: row + 1, taken: taken.union([$0]))
    }.min() ?? 0
  }

  private func leastMean(_ a: Matrix, _ b: Matrix) -> Double {
    least((0..<a.rows).map { i in (0..<b.rows).map { j in Sets.distance(a, i, b, j) }.map { $0 * $0 } })
      / Double(a.rows)
  }

  /// Every row so many times.
  private func repeated(_ rows: Matrix, _ times: Int) -> Matrix {
    rows.rows((0..<rows.rows * times).map { $0 % rows.rows })
  }

  @Test(arguments: 1...7)
  func isTheBestOfAllPermutations(count: Int) throws {
    for key in 1...8 as ClosedRange<UInt64> {
      let a = points(count, 3, key: 2 * key), b = points(count, 3, key: 2 * key + 1, shift: 0.1)
      let found = try measure(ExactWasserstein(), a, b)["exact_w2_squared"]
      #expect(agree(found?.value, leastMean(a, b), 1e-12))
    }
  }

  /// Samples of unlike numbers have the masses of equal numbers of copies.
  @Test(arguments: [(2, 3), (1, 5), (3, 6), (6, 3), (4, 2), (1, 1)])
  func unequalCounts(first: Int, second: Int) throws {
    let a = points(first, 2, key: 5), b = points(second, 2, key: 6, shift: 0.3)
    var copies = (second, first)
    for divisor in [2, 3] where first % divisor == 0 && second % divisor == 0 {
      copies = (second / divisor, first / divisor)
    }
    let all = leastMean(repeated(a, copies.0), repeated(b, copies.1))
    #expect(agree(try measure(ExactWasserstein(), a, b)["exact_w2_squared"]?.value, all, 1e-12))
  }

  @Test(arguments: [(40, 30), (35, 77), (64, 65), (1, 50)])
  func copiesChangeNothing(first: Int, second: Int) throws {
    let a = points(first, 4, key: 7), b = points(second, 4, key: 8, shift: 0.2)
    let once = try #require(try measure(ExactWasserstein(), a, b)["exact_w2"]?.value)
    let more = try measure(ExactWasserstein(), repeated(a, second), repeated(b, first))
    #expect(agree(more["exact_w2"]?.value, once, 1e-9))
  }

  /// On a line the best plan keeps the order, and every direction is the line.
  @Test(arguments: [1, 2, 100, 1001])
  func sortedOnALine(count: Int) throws {
    let a = points(count, 1, key: 9), b = points(count, 1, key: 10, shift: 0.2)
    let pairs = zip(a.buffer.sorted(), b.buffer.sorted())
    let known = (pairs.reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) } / Double(count))
      .squareRoot()
    #expect(agree(try measure(ExactWasserstein(), a, b)["exact_w2"]?.value, known, 1e-12))
    #expect(agree(try measure(SlicedWasserstein(), a, b)["sliced_w2"]?.value, known, 1e-12))
  }

  /// Equal samples make searches of length 0.
  @Test func tiedCosts() throws {
    let a = line([0, 0, 0, 1, 1, 2]), b = line([0, 0, 1, 1, 1, 1])
    #expect(try measure(ExactWasserstein(), a, b)["exact_w2_squared"]?.value == 2.0 / 6)
    #expect(try measure(ExactWasserstein(), line([3, 3]), line([3, 3, 3]))["exact_w2"]?.value == 0)
  }
}
