import CVector

/// Matrix products by tiles that stay in registers: strips of rows by panels of columns.
///
/// They do what libraries' products cannot: bias and activation are applied to a tile before it leaves the registers.
/// `gpa-bench kernels` compares their speed with sgemm's.
///
/// A panel is 32 columns (two ``Vector``s), or 16 where that many are left over. A packed matrix of k rows is stored panel
/// after panel, each as k rows of the panel's width, so that a product reads it in order. Whoever calls has seen to it
/// that all memory reaches as far as is said here.
public enum Tile {
  /// The rows of a strip: with two vectors a row they fill 16 registers, enough to hide the latency of the additions.
  @inlinable @inline(__always) public static var rows: Int { 8 }
  /// The columns of a full panel.
  @inlinable @inline(__always) public static var columns: Int { 32 }

  /// start + A B for a strip of A, `rows` rows of `inner` numbers at distances `stride`, and a full panel B. `finish` gets
  /// the number of the row and its two vectors.
  @inlinable @inline(__always)
  public static func product(
    _ a: UnsafePointer<Float>, stride: Int, inner: Int, _ panel: UnsafePointer<Float>, start: (Vector, Vector),
    _ finish: (_ row: Int, _ left: Vector, _ right: Vector) -> Void
  ) {
    var left = InlineArray<8, Vector>(repeating: start.0), right = InlineArray<8, Vector>(repeating: start.1)
    for p in 0..<inner {
      let b0 = Vector(panel + 32 * p), b1 = Vector(panel + 32 * p + 16)
      for r in 0..<8 {
        let factor = Vector(repeating: a[r * stride + p])
        left[r] = factor.times(b0, plus: left[r])
        right[r] = factor.times(b1, plus: right[r])
      }
    }
    for r in 0..<8 { finish(r, left[r], right[r]) }
  }

  /// The same for a panel of 16 columns.
  @inlinable @inline(__always)
  public static func halfProduct(
    _ a: UnsafePointer<Float>, stride: Int, inner: Int, _ panel: UnsafePointer<Float>, start: Vector,
    _ finish: (_ row: Int, _ value: Vector) -> Void
  ) {
    var sums = InlineArray<8, Vector>(repeating: start)
    for p in 0..<inner {
      let b = Vector(panel + 16 * p)
      for r in 0..<8 { sums[r] = Vector(repeating: a[r * stride + p]).times(b, plus: sums[r]) }
    }
    for r in 0..<8 { finish(r, sums[r]) }
  }

  /// C = A B for A (count, side) and B (side, side), row-major, count a multiple of 8 and side one of 16; `packed` is working
  /// memory of B's size.
  public static func multiply(
    _ a: UnsafePointer<Float>, rows count: Int, _ b: UnsafePointer<Float>, side: Int,
    packed: UnsafeMutablePointer<Float>, into c: UnsafeMutablePointer<Float>
  ) {
    for column in stride(from: 0, to: side, by: columns) {
      let width = min(columns, side - column), isPacked = width == side
      let panel = isPacked ? b : UnsafePointer(packed + column * side)
      if !isPacked {
        let copy = packed + column * side
        for row in 0..<side { (copy + row * width).update(from: b + row * side + column, count: width) }
      }
      for row in stride(from: 0, to: count, by: rows) {
        let place = c + row * side + column
        if width == columns {
          product(a + row * side, stride: side, inner: side, panel, start: (.zero, .zero)) { r, left, right in
            left.store(place + r * side)
            right.store(place + r * side + Vector.lanes)
          }
        } else {
          halfProduct(a + row * side, stride: side, inner: side, panel, start: .zero) { r, value in
            value.store(place + r * side)
          }
        }
      }
    }
  }

  /// Writes the transposed of A, (rows, columns) row-major, both multiples of 16, as a packed matrix (columns, rows).
  public static func packTransposed(
    _ a: UnsafePointer<Float>, rows count: Int, columns inner: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    for row in stride(from: 0, to: count, by: Vector.lanes) {
      let panel = row / columns * columns, width = min(columns, count - panel)
      for column in stride(from: 0, to: inner, by: Vector.lanes) {
        gpa_transpose16(
          a + row * inner + column, inner, packed + panel * inner + column * width + row - panel, width)
      }
    }
  }

  /// C = A^T B over `rows` rows: A (rows, m) and B (rows, n) row-major with strides, C (m, n) row-major without gaps, n a
  /// multiple of 16.
  public static func outerProduct(
    _ a: UnsafePointer<Float>, stride: Int, m: Int, _ b: UnsafePointer<Float>, n: Int, rows: Int,
    into c: UnsafeMutablePointer<Float>
  ) {
    var i = 0
    while i < m {
      let target = c + i * n
      switch m - i {
      case 8...: i += outerStrip(InlineArray<8, Vector>.self, a + i, stride, b, n, rows, target)
      case 4...: i += outerStrip(InlineArray<4, Vector>.self, a + i, stride, b, n, rows, target)
      default: i += outerRow(a + i, stride, b, n, rows, target)
      }
    }
  }

  /// R rows of an outer product; R.
  @inline(__always)
  private static func outerStrip<let R: Int>(
    _: InlineArray<R, Vector>.Type, _ a: UnsafePointer<Float>, _ stride: Int, _ b: UnsafePointer<Float>, _ n: Int,
    _ rows: Int, _ c: UnsafeMutablePointer<Float>
  ) -> Int {
    var column = 0
    while column + 32 <= n {
      var left = InlineArray<R, Vector>(repeating: .zero), right = InlineArray<R, Vector>(repeating: .zero)
      for row in 0..<rows {
        let b0 = Vector(b + row * n + column), b1 = Vector(b + row * n + column + 16)
        for r in 0..<R {
          let factor = Vector(repeating: a[row * stride + r])
          left[r] = factor.times(b0, plus: left[r])
          right[r] = factor.times(b1, plus: right[r])
        }
      }
      for r in 0..<R {
        left[r].store(c + r * n + column)
        right[r].store(c + r * n + column + 16)
      }
      column += 32
    }
    if column < n {
      var sums = InlineArray<R, Vector>(repeating: .zero)
      for row in 0..<rows {
        let value = Vector(b + row * n + column)
        for r in 0..<R { sums[r] = Vector(repeating: a[row * stride + r]).times(value, plus: sums[r]) }
      }
      for r in 0..<R { sums[r].store(c + r * n + column) }
    }
    return R
  }

  /// One row of an outer product; 1. Four rows of the factors at a time, each with a sum of its own, hide the latency.
  private static func outerRow(
    _ a: UnsafePointer<Float>, _ stride: Int, _ b: UnsafePointer<Float>, _ n: Int, _ rows: Int,
    _ c: UnsafeMutablePointer<Float>
  ) -> Int {
    let whole = rows / 4 * 4
    for column in Swift.stride(from: 0, to: n, by: Vector.lanes) {
      var sums = InlineArray<4, Vector>(repeating: .zero)
      for row in Swift.stride(from: 0, to: whole, by: 4) {
        for r in 0..<4 {
          let value = Vector(b + (row + r) * n + column)
          sums[r] = Vector(repeating: a[(row + r) * stride]).times(value, plus: sums[r])
        }
      }
      for row in whole..<rows {
        sums[0] = Vector(repeating: a[row * stride]).times(Vector(b + row * n + column), plus: sums[0])
      }
      ((sums[0] + sums[1]) + (sums[2] + sums[3])).store(c + column)
    }
    return 1
  }
}
