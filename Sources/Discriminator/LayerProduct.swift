import Numerics

/// The matrix product of one layer of one block, forward or backward, with what becomes of its tiles as they leave the
/// registers.
///
/// Rows come in strips of ``Tile/rows``; the memory of a block holds whole strips, and so must `lastStrip`.
public struct LayerProduct {
  /// The left factor, row-major, and the distance of its rows.
  let input: UnsafePointer<Float>
  let stride: Int
  /// The last strip of the left factor, where `input` may end within it.
  let lastStrip: UnsafePointer<Float>
  let strips: Int
  /// The right factor, packed, (inner, columns).
  let inner: Int
  let packed: UnsafePointer<Float>
  let columns: Int
  /// What the sums start at; nil is zero.
  let start: UnsafePointer<Float>?
  /// Where results go, row-major (rows, columns).
  let output: UnsafeMutablePointer<Float>
  /// What the activation keeps for the way back, of the same shape; it may be `output`.
  let kept: UnsafeMutablePointer<Float>

  /// Computes the tiles, panel by panel. The bodies get what belongs to one row of a panel of 32 or of 16 columns, and the
  /// place of its first element in `output` and `kept`.
  @inline(__always)
  func run(
    _ body: (_ left: Vector, _ right: Vector, _ place: Int) -> Void, half: (_ value: Vector, _ place: Int) -> Void
  ) {
    var column = 0
    while column < columns {
      let panel = packed + column * inner, isFull = column + Tile.columns <= columns
      let left = start.map { Vector($0 + column) } ?? .zero
      let right = isFull ? start.map { Vector($0 + column + Vector.lanes) } ?? .zero : .zero
      for strip in 0..<strips {
        let a = strip == strips - 1 ? lastStrip : input + strip * Tile.rows * stride
        let place = strip * Tile.rows * columns + column
        if isFull {
          Tile.product(a, stride: stride, inner: inner, panel, start: (left, right)) { row, left, right in
            body(left, right, place + row * columns)
          }
        } else {
          Tile.halfProduct(a, stride: stride, inner: inner, panel, start: left) { row, value in
            half(value, place + row * columns)
          }
        }
      }
      column += Tile.columns
    }
  }

  /// Calls the bodies with the right factor's one row for every row: the product of a column of ones.
  @inline(__always)
  func repeatRow(
    _ body: (_ left: Vector, _ right: Vector, _ place: Int) -> Void, half: (_ value: Vector, _ place: Int) -> Void
  ) {
    var column = 0
    while column < columns {
      let left = Vector(packed + column)
      if column + Tile.columns <= columns {
        let right = Vector(packed + column + Vector.lanes)
        for row in 0..<strips * Tile.rows { body(left, right, row * columns + column) }
      } else {
        for row in 0..<strips * Tile.rows { half(left, row * columns + column) }
      }
      column += Tile.columns
    }
  }
}
