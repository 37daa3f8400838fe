import Numerics
import Testing

@Suite struct BlocksTests {
  /// Lower last blocks of both sets are shared out.
  @Test(arguments: [(200, 200, 200, 200), (10_000, 200, 5120, 5080), (100_000, 100_000, 100_000, 100_000)])
  func rows(_ counts: (particles: Int, targets: Int, first: Int, second: Int)) {
    let height = Blocks.height(totalRows: counts.particles + counts.targets)
    let particles = Blocks(rows: counts.particles, atMost: height)
    let targets = Blocks(rows: counts.targets, atMost: height)
    let first = Dealing.even(blocks: particles.count, ranks: 2)
    let second = Dealing.balance(blocks: targets.count, besides: first)
    let loads = zip(first, second).map { particles.rows(of: $0).count + targets.rows(of: $1).count }
    #expect(loads == [counts.first, counts.second])
  }

  /// All rows are covered once, and no rank has more than one block more than another.
  @Test(arguments: [1, 2, 3, 7, 32], [(1, 1), (40, 30), (1013, 517), (10_000, 200), (200, 10_000), (100_000, 4096)])
  func dealing(ranks: Int, counts: (particles: Int, targets: Int)) {
    let height = Blocks.height(totalRows: counts.particles + counts.targets)
    let particles = Blocks(rows: counts.particles, height: height)
    let targets = Blocks(rows: counts.targets, height: height)
    let first = Dealing.even(blocks: particles.count, ranks: ranks)
    let second = Dealing.balance(blocks: targets.count, besides: first)
    #expect(first.flatMap { Array($0) } == Array(0..<particles.count))
    #expect(second.reversed().flatMap { Array($0) } == Array(0..<targets.count))
    let loads = zip(first, second).map { $0.count + $1.count }
    #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 1)
    #expect((0..<particles.count).flatMap { Array(particles.rows(of: $0)) } == Array(0..<counts.particles))
    #expect(first.map { particles.rows(of: $0).count }.reduce(0, +) == counts.particles)
  }

  /// Rows are counted from the start of the memory, in parts as well.
  @Test(arguments: [nil, 0, 16])
  func ownRows(memoryStart: Int?) {
    let own = OwnRows(blocks: Blocks(rows: 100, height: 16), own: 3..<7, memoryStart: memoryStart)
    #expect(own.rows == 48..<100)
    for part in [own] + own.parts([1..<3]) {
      var rows: [Int] = []
      part.forEach { _, first, count in rows += (first..<first + count).map { $0 + (memoryStart ?? 48) } }
      #expect(rows == Array(part.rows))
    }
  }
}
