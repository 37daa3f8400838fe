import Numerics
import Testing

@Suite struct ExactSumTests {
  /// Rows of addends of very different sizes, cancelling in part.
  private func addends(_ count: Int, width: Int, scale: Float) -> [[Float]] {
    var stream = RandomNumbers(seed: 5, purpose: .test).stream(width)
    return (0..<count).map { _ in
      (0..<width).map { _ in scale * Float(stream.normal() * (stream.uniform() < 0.1 ? 100 : 1)) }
    }
  }

  /// The sum over parts as ranks would form it, repeated until it is exact; nil where it never is.
  private func sum(_ rows: [[Float]], parts: Int, order: (Int) -> Int) -> [Double]? {
    let width = rows[0].count
    let sums = (0..<parts).map { _ in ExactSum(groupSizes: [width]) }
    for _ in 0..<100 {
      sums.forEach { $0.clear() }
      for i in rows.indices { sums[i % parts].add(rows[order(i)], to: 0) }
      let total = (0..<sums[0].buffer.count).map { place in sums.reversed().reduce(0) { $0 + $1.buffer[place] } }
      var done = false
      for sum in sums {
        for place in total.indices { sum.buffer[place] = total[place] }
        if case .exact = sum.finish() { done = true }
      }
      if done { return Array(total.prefix(width)) }
    }
    return nil
  }

  @Test(arguments: [1e-30, 1, 1e30] as [Float])
  func sameBitsInAnyOrder(scale: Float) throws {
    let rows = addends(301, width: 17, scale: scale)
    let reference = try #require(sum(rows, parts: 1) { $0 })
    for parts in [2, 3, 7] {
      let other = try #require(sum(rows, parts: parts) { ($0 * 89) % 301 })
      #expect(other.map(\.bitPattern) == reference.map(\.bitPattern))
    }
    for column in 0..<17 {
      let plain = rows.reduce(0.0) { $0 + Double($1[column]) }
      let size = rows.reduce(0.0) { $0 + abs(Double($1[column])) }
      #expect(abs(reference[column] - plain) <= 1e-7 * size)
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) {
    let sum = ExactSum(groupSizes: [2, 3])
    sum.add([1, 2] as [Float], to: 0)
    sum.add([1, value, 2], to: 1)
    guard case .notFinite(let group) = sum.finish() else {
      Issue.record("not noticed")
      return
    }
    #expect(group == 1)
  }
}
