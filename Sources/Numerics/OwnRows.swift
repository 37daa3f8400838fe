/// A set of rows cut into blocks, with the blocks that one rank works on and the row that its memory begins with.
public struct OwnRows: Sendable {
  /// All blocks of the set.
  public let blocks: Blocks
  /// The blocks of this rank.
  public let own: Range<Int>
  /// The row of the set that lies first in the rank's memory: the rank's first where it holds its own rows alone, 0 where
  /// it holds the whole set.
  public let memoryStart: Int

  /// The rows of the blocks `own`, in memory that begins with row `memoryStart`, by default the first of them.
  public init(blocks: Blocks, own: Range<Int>, memoryStart: Int? = nil) {
    self.blocks = blocks
    self.own = own
    self.memoryStart = memoryStart ?? blocks.rows(of: own).lowerBound
  }

  /// The rows of this rank, counted in the whole set.
  public var rows: Range<Int> { blocks.rows(of: own) }

  /// Parts of these rows, in the same memory, given by ranges of the own blocks counted from 0.
  public func parts(_ ranges: [Range<Int>]) -> [OwnRows] {
    ranges.map {
      OwnRows(
        blocks: blocks, own: own.lowerBound + $0.lowerBound..<own.lowerBound + $0.upperBound, memoryStart: memoryStart)
    }
  }

  /// Calls a body for each own block with its number, its first row counted from the start of the memory, and its height.
  @inline(__always)
  public func forEach(_ body: (_ block: Int, _ firstRow: Int, _ rows: Int) throws -> Void) rethrows {
    for block in own {
      let range = blocks.rows(of: block)
      try body(block, range.lowerBound - memoryStart, range.count)
    }
  }
}
