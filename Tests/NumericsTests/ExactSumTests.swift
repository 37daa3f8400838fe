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

  /// The sum over parts as ranks would form it, repeated until it is exact; nil where it is not finite.
  private func sum(_ rows: [[Float]], parts: Int, order: (Int) -> Int) -> [Double]? {
    let width = rows[0].count
    let sums = (0..<parts).map { _ in ExactSum(groupSizes: [width]) }
    let notFinite = ExactSum.untilExact(sums) {
      for i in rows.indices { sums[i % parts].add(rows[order(i)], to: 0) }
    } reduce: {
      for place in 0..<sums[0].buffer.count {
        let total = sums.reversed().reduce(0) { $0 + $1.buffer[place] }
        for sum in sums { sum.buffer[place] = total }
      }
    }
    guard notFinite == nil else { return nil }
    return (0..<width).map { sums[0].numbers(0)[$0] }
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
    let notFinite = ExactSum.untilExact([sum]) {
      sum.add([1, 2] as [Float], to: 0)
      sum.add([1, value, 2], to: 1)
    } reduce: {
    }
    #expect(notFinite?.group == 1)
  }

  /// Two parts in one buffer, with the sums in another: what the second part needs does not touch the first.
  @Test(arguments: [4, 0x1p80, 0x1p-80])
  func partsAreIndependent(scale: Double) throws {
    let rows = addends(50, width: 5, scale: 1)
    func add(_ sum: ExactSum) { for row in rows { sum.add(row, to: 0) } }
    let alone = ExactSum(groupSizes: [5, 1])
    #expect(
      ExactSum.untilExact([alone]) {
        add(alone)
      } reduce: {
      } == nil)

    // A grid that is good enough, and not the one that the next sum would have.
    let coarse = alone.limits.map { $0 * 0x1p8 }

    let count = ExactSum.count(groupSizes: [5, 1]), further = ExactSum.count(groupSizes: [1])
    let addends = UnsafeMutableBufferPointer<Double>.allocate(capacity: count + further)
    let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: count + further)
    defer {
      addends.deallocate()
      sums.deallocate()
    }
    let first = ExactSum(
      groupSizes: [5, 1], addends: .init(rebasing: addends[..<count]), sums: .init(rebasing: sums[..<count]))
    let second = ExactSum(
      groupSizes: [1], addends: .init(rebasing: addends[count...]), sums: .init(rebasing: sums[count...]))
    first.restore(limits: coarse)
    second.restore(limits: [1])
    var passes = 0
    let notFinite = ExactSum.untilExact([first, second]) {
      passes += 1
      add(first)
      for _ in 0..<3 { second.add(0.3 * scale, to: 0) }
    } reduce: {
      for i in addends.indices { sums[i] = addends[i] }
    }
    #expect(notFinite == nil)
    #expect(passes > 1, "the second part asks for a pass more")
    #expect(abs(second.numbers(0)[0] - 0.9 * scale) < 1e-9 * scale)
    // The first part alone, from the same limits.
    let again = ExactSum(groupSizes: [5, 1])
    again.restore(limits: coarse)
    passes = 0
    #expect(
      ExactSum.untilExact([again]) {
        passes += 1
        add(again)
      } reduce: {
      } == nil)
    #expect(passes == 1)
    #expect((0..<5).map { first.numbers(0)[$0].bitPattern } == (0..<5).map { again.numbers(0)[$0].bitPattern })
    #expect(first.limits == again.limits)
  }

  @Test func partThatIsNotFinite() throws {
    let first = ExactSum(groupSizes: [1]), second = ExactSum(groupSizes: [1, 1])
    let notFinite = try #require(
      ExactSum.untilExact([first, second]) {
        first.add(1.0, to: 0)
        second.add(Double.infinity, to: 1)
      } reduce: {
      })
    #expect(notFinite == (1, 1))
  }
}
