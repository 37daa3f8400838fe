import Numerics

/// What is done with a layer's tiles when they leave the registers. A type and not a closure, so that every kernel is compiled
/// with its own.
protocol TileFinish {
  /// Takes what belongs to one row of a panel of 32 columns; `place` is that of its first element in the layer's output.
  func panel(_ left: Vector, _ right: Vector, at place: Int)
  /// The same for a panel of 16 columns.
  func halfPanel(_ value: Vector, at place: Int)
}

/// The matrix product of one layer of one block, forward or backward.
///
/// Rows come in strips of ``Tile/rows``; the memory of a block holds whole strips, and so must `lastStrip`.
package struct LayerProduct {
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
  /// What the activation saves for the backward pass, of the same shape; it may be `output`.
  let saved: UnsafeMutablePointer<Float>
  /// Whether `input` is the product itself, of the shape of `output`.
  let isFinished: Bool

  /// A product to be computed.
  init(
    input: UnsafePointer<Float>, stride: Int, lastStrip: UnsafePointer<Float>, strips: Int, inner: Int,
    packed: UnsafePointer<Float>, columns: Int, start: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    saved: UnsafeMutablePointer<Float>
  ) {
    self.input = input
    self.stride = stride
    self.lastStrip = lastStrip
    self.strips = strips
    self.inner = inner
    self.packed = packed
    self.columns = columns
    self.start = start
    self.output = output
    self.saved = saved
    isFinished = false
  }

  /// A product that somebody else has computed, (rows, columns), in memory of whole strips; `output` may be the same.
  init(
    finished product: UnsafePointer<Float>, rows: Int, columns: Int, output: UnsafeMutablePointer<Float>,
    saved: UnsafeMutablePointer<Float>
  ) {
    input = product
    stride = columns
    lastStrip = product
    strips = (rows + Tile.rows - 1) / Tile.rows
    inner = 0
    packed = product
    self.columns = columns
    start = nil
    self.output = output
    self.saved = saved
    isFinished = true
  }

  /// Computes the tiles, panel by panel.
  @inline(__always)
  func run(_ finish: some TileFinish) {
    if isFinished { return pass(to: finish) }
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
            finish.panel(left, right, at: place + row * columns)
          }
        } else {
          Tile.halfProduct(a, stride: stride, inner: inner, panel, start: left) { row, value in
            finish.halfPanel(value, at: place + row * columns)
          }
        }
      }
      column += Tile.columns
    }
  }

  /// Takes the finished product through.
  @inline(__always)
  private func pass(to finish: some TileFinish) {
    for row in 0..<strips * Tile.rows {
      var place = row * columns
      let end = place + columns
      while place + Tile.columns <= end {
        finish.panel(Vector(input + place), Vector(input + place + Vector.lanes), at: place)
        place += Tile.columns
      }
      if place < end { finish.halfPanel(Vector(input + place), at: place) }
    }
  }

  /// Takes the right factor's first row for every row: the product of a column of ones.
  @inline(__always)
  func repeatRow(_ finish: some TileFinish) {
    var column = 0
    while column < columns {
      let left = Vector(packed + column)
      if column + Tile.columns <= columns {
        let right = Vector(packed + column + Vector.lanes)
        for row in 0..<strips * Tile.rows { finish.panel(left, right, at: row * columns + column) }
      } else {
        for row in 0..<strips * Tile.rows { finish.halfPanel(left, at: row * columns + column) }
      }
      column += Tile.columns
    }
  }
}

/// Stores tiles as they are.
struct StoreTiles: TileFinish {
  let output: UnsafeMutablePointer<Float>

  @inline(__always)
  func panel(_ left: Vector, _ right: Vector, at place: Int) {
    left.store(output + place)
    right.store(output + place + Vector.lanes)
  }

  @inline(__always)
  func halfPanel(_ value: Vector, at place: Int) { value.store(output + place) }
}
