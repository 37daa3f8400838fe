import Numerics
import Samples

/// The rows of tables, one table after the other, as the transforms so far leave them: made block by block where they are
/// read, and never held together. On the root.
package struct TransformedRows {
  private let tables: [FittedTransforms.Table]
  private let transforms: FittedTransforms
  /// The number of rows.
  package let count: Int
  /// The number of columns, after the transforms.
  package var columns: Int { transforms.dimension }

  init(_ tables: [FittedTransforms.Table], _ transforms: FittedTransforms) {
    self.tables = tables
    self.transforms = transforms
    count = tables.reduce(0) { $0 + $1.table.count }
  }

  /// The rows of a block, as many as take some megabytes; they depend on the columns alone.
  var blockRows: Int { FittedTransforms.blockRows(transforms.widest) }

  /// Puts rows into memory for them, (range.count, columns). Throws what the transforms throw.
  package func read(_ range: Range<Int>, into result: UnsafeMutablePointer<Double>) throws {
    let rows = blockRows
    let scratch = Scratch(min(rows, range.count), transforms)
    var first = 0
    for (role, table) in tables {
      let own = range.clamped(to: first..<first + table.count)
      for start in stride(from: own.lowerBound, to: own.upperBound, by: rows) {
        let count = min(rows, own.upperBound - start)
        for row in 0..<count { table.read(start + row - first, into: scratch.rows + row * table.columns) }
        let made = try transforms.apply(
          scratch, count: count, role: role, origin: RowOrigin(table: table, first: start - first))
        (result + (start - range.lowerBound) * columns).update(from: made, count: count * columns)
      }
      first += table.count
    }
  }

  /// Calls a body with blocks of rows, which it may overwrite, from the first to the last.
  package func forEachBlock(_ body: (_ block: UnsafeMutablePointer<Double>, _ rows: Int) throws -> Void) throws {
    let rows = min(blockRows, count), block = alignedMemory(of: Double.self, count: rows * columns)
    defer { block.deallocate() }
    for first in stride(from: 0, to: count, by: max(rows, 1)) {
      let range = first..<min(first + rows, count)
      try read(range, into: block)
      try body(block, range.count)
    }
  }
}

/// Memory for a block of rows on its way through the transforms.
final class Scratch {
  let rows: UnsafeMutablePointer<Double>
  /// As much again, where a transform is not in place.
  let other: UnsafeMutablePointer<Double>

  init(_ count: Int, _ transforms: FittedTransforms) {
    let numbers = count * transforms.widest
    rows = alignedMemory(of: Double.self, count: numbers)
    other = alignedMemory(of: Double.self, count: transforms.isInPlace ? 0 : numbers)
  }

  deinit {
    rows.deallocate()
    other.deallocate()
  }
}
