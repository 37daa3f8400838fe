/// The cut of a set of rows into blocks of one height (the last may be lower): a pure function of counts, so the same on
/// any number of ranks. A block is what is computed in one piece, always as the same block.
public struct Blocks: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The rows of every block but the last.
  public let height: Int

  /// The blocks of `rows` rows.
  public init(rows: Int, height: Int) {
    self.rows = rows
    self.height = height
  }

  /// The number of blocks.
  public var count: Int { (rows + height - 1) / height }

  /// The rows of a block.
  public func rows(of block: Int) -> Range<Int> { block * height..<min((block + 1) * height, rows) }

  /// The rows of a run of blocks.
  public func rows(of run: Range<Int>) -> Range<Int> {
    min(run.lowerBound * height, rows)..<min(run.upperBound * height, rows)
  }

  /// Blocks of equal height, as near as whole strips (see ``Tile``) allow, and not above `height`.
  public init(rows: Int, atMost height: Int) {
    let count = max((rows + height - 1) / height, 1)
    self.init(rows: rows, height: max(roundedUp((rows + count - 1) / count, to: Tile.rows), Tile.rows))
  }

  /// The greatest height for a total number of rows (particles and targets). High blocks spread the cost of an exact sum,
  /// which is proportional to the number of parameters, over more rows; low ones let small jobs fill many ranks. A block of
  /// 256 rows stays in the second-level cache up to width 128.
  public static func height(totalRows: Int) -> Int {
    min(max(roundedUp(totalRows / 32, to: Tile.rows), 128), 256)
  }
}

/// Which rank works on which blocks.
public enum Dealing {
  /// The run of blocks of every rank: runs of whole blocks in rank order whose lengths differ by at most one.
  public static func even(blocks: Int, ranks: Int) -> [Range<Int>] {
    (0..<ranks).map { $0 * blocks / ranks..<($0 + 1) * blocks / ranks }
  }

  /// The blocks of a second set, dealt so that the numbers of blocks of two ranks, both sets together, differ by at most
  /// one where `dealt` allows it. Ranks are served in reverse order, and blocks left over go to late ranks: the last block
  /// of a set may be lower than the others, and so the lower blocks of the two sets go to different ranks.
  public static func balance(blocks: Int, besides dealt: [Range<Int>]) -> [Range<Int>] {
    let ranks = dealt.count, total = blocks + dealt.reduce(0) { $0 + $1.count }
    var lengths = dealt.map { max(total / ranks - $0.count, 0) }
    var left = blocks - lengths.reduce(0, +)
    for rank in dealt.indices.sorted(by: { (dealt[$0].count + lengths[$0], $1) < (dealt[$1].count + lengths[$1], $0) })
    where left > 0 {
      lengths[rank] += 1
      left -= 1
    }
    var end = blocks
    return lengths.map { length in
      defer { end -= length }
      return end - length..<end
    }
  }
}
