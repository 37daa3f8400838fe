/// How a matrix stands in working memory with its longer side downwards, (length, n), transposed where it is wide: slab by
/// slab of rows, each filled up with zeros to whole strips and vectors (see ``Tile``).
struct TallLayout {
  let rows: Int
  let columns: Int

  var isWide: Bool { columns > rows }
  var n: Int { min(rows, columns) }
  var length: Int { max(rows, columns) }
  var side: Int { roundedUp(n, to: Vector.lanes) }
  /// The numbers of the highest slab.
  var slabCount: Int { roundedUp(min(length, Self.slabRows), to: Tile.rows) * side }

  /// Slabs stay in cache, and rounding grows with the rows of a product.
  private static let slabRows = 512

  /// Whether one slab is the whole matrix, which then need not be filled in again for a second pass over it.
  var isOneSlab: Bool { length <= Self.slabRows }

  /// Rows of the layout, and how many they are filled up to.
  struct Slab: Equatable {
    let rows: Range<Int>
    var height: Int { roundedUp(rows.count, to: Tile.rows) }
  }

  /// Calls a body for each slab in turn.
  @inline(__always)
  func forEachSlab(_ body: (Slab) -> Void) {
    for first in stride(from: 0, to: length, by: Self.slabRows) {
      body(Slab(rows: first..<min(first + Self.slabRows, length)))
    }
  }

  /// Copies a slab of a matrix into working memory.
  func fill<T: BinaryFloatingPoint>(
    _ tall: UnsafeMutablePointer<Float>, with slab: Slab, of matrix: UnsafePointer<T>
  ) {
    if side != n || slab.height != slab.rows.count { tall.update(repeating: 0, count: slab.height * side) }
    forEachElement(slab) { tall[$0] = Float(matrix[$1]) }
  }

  /// Copies working memory back into a slab of a matrix.
  func read(_ tall: UnsafePointer<Float>, into slab: Slab, of matrix: UnsafeMutablePointer<Float>) {
    forEachElement(slab) { matrix[$1] = tall[$0] }
  }

  /// Subtracts working memory from a slab of a matrix.
  func subtract(_ tall: UnsafePointer<Float>, from slab: Slab, of matrix: UnsafeMutablePointer<Double>) {
    forEachElement(slab) { matrix[$1] -= Double(tall[$0]) }
  }

  /// gram = A^T B for A and B in working memory, slab after slab; `part` is working memory of the size of `gram`.
  func addProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ slab: Slab, to gram: UnsafeMutablePointer<Float>,
    by part: UnsafeMutablePointer<Float>
  ) {
    let isFirst = slab.rows.lowerBound == 0, rows = slab.rows.count
    Tile.outerProduct(a, stride: side, m: side, b, n: side, rows: rows, into: isFirst ? gram : part)
    guard !isFirst else { return }
    for i in stride(from: 0, to: side * side, by: Vector.lanes) {
      (Vector(gram + i) + Vector(part + i)).store(gram + i)
    }
  }

  /// Calls a body with the place of each element in working memory and in the matrix.
  @inline(__always)
  private func forEachElement(_ slab: Slab, _ body: (_ tall: Int, _ matrix: Int) -> Void) {
    let first = slab.rows.lowerBound
    if isWide {
      for row in 0..<rows {
        for column in slab.rows { body((column - first) * side + row, row * columns + column) }
      }
    } else {
      for row in slab.rows { for column in 0..<columns { body((row - first) * side + column, row * columns + column) } }
    }
  }
}
