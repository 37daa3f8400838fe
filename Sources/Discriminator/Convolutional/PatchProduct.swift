import Numerics

/// Products of patches with kernels, row by row the same whatever rows are beside it: so a row has the same bits in every block,
/// on any processor with the same vectors (see ``Tile``). OpenBLAS's products are as fast, and promise neither.
///
/// The inner sums are long, so they are cut into pieces whose panels stay in the first-level cache, and the pieces' sums are
/// added up in their order.
enum PatchProduct {
  /// The terms of a piece.
  private static let piece = 192

  /// C = A B: A of whole strips of rows, (strips * 8, inner) without gaps, B packed in panels (see ``Tile``), (inner, columns),
  /// C (strips * 8, columns) without gaps.
  static func multiply(
    _ a: UnsafePointer<Float>, strips: Int, inner: Int, _ packed: UnsafePointer<Float>, columns: Int,
    into c: UnsafeMutablePointer<Float>
  ) {
    for first in stride(from: 0, to: inner, by: piece) {
      let count = min(piece, inner - first), isFirst = first == 0
      for column in stride(from: 0, to: columns, by: Tile.columns) {
        let width = min(Tile.columns, columns - column)
        let panel = packed + column * inner + first * width
        for strip in 0..<strips {
          let rows = a + strip * Tile.rows * inner + first, place = c + strip * Tile.rows * columns + column
          if width == Tile.columns {
            Tile.product(rows, stride: inner, inner: count, panel, start: (.zero, .zero)) { row, left, right in
              let target = place + row * columns
              if isFirst {
                left.store(target)
                right.store(target + Vector.lanes)
              } else {
                (Vector(target) + left).store(target)
                (Vector(target + Vector.lanes) + right).store(target + Vector.lanes)
              }
            }
          } else {
            Tile.halfProduct(rows, stride: inner, inner: count, panel, start: .zero) { row, value in
              let target = place + row * columns
              (isFirst ? value : Vector(target) + value).store(target)
            }
          }
        }
      }
    }
  }

  /// Packs a matrix, (rows, columns) row-major, columns a multiple of 16, as the panels of a product.
  static func pack(_ matrix: UnsafePointer<Float>, rows: Int, columns: Int, into packed: UnsafeMutablePointer<Float>) {
    for column in stride(from: 0, to: columns, by: Tile.columns) {
      let width = min(Tile.columns, columns - column), panel = packed + column * rows
      for row in 0..<rows { (panel + row * width).update(from: matrix + row * columns + column, count: width) }
    }
  }

  /// Packs the transposed of a matrix, (rows, columns) row-major, as the panels of (columns, rows), whose rows are filled up
  /// with zeros to a multiple of 16.
  static func packTransposed(
    _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    let padded = roundedUp(rows, to: Vector.lanes)
    for row in 0..<rows {
      let start = row / Tile.columns * Tile.columns, width = min(Tile.columns, padded - start)
      let target = packed + start * columns + row - start
      for column in 0..<columns { target[column * width] = matrix[row * columns + column] }
    }
  }
}
