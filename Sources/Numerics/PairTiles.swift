/// The squared Euclidean distances between rows of any matrix and all rows of one, tile by tile: what sums, minima and
/// nearest neighbours over pairs of samples are made from without holding them all.
///
/// A square is the float32 sum of squared differences in the order of the coordinates: exactly 0 for equal rows and those
/// alone (unless it underflows), and right to some units of rounding however far the rows are from the origin. It depends
/// on its two rows and on nothing else; the bounds of the columns of tiles depend on the matrix's shape alone. So what is
/// computed for a row from its tiles, in their order, has the same bits however rows are shared out among ranks.
public final class PairTiles {
  /// The number of rows whose distances are tiles' columns.
  public let count: Int
  /// The number of coordinates.
  public let dimension: Int
  /// The columns of every tile but the last; a multiple of 32.
  public let width: Int
  /// Panels of 32 rows, each as `dimension` vectors of 32.
  private let packed: UnsafeMutablePointer<Float>
  private let squares: UnsafeMutablePointer<Float>
  private let lastStrip: UnsafeMutablePointer<Float>

  /// Squared distances of a few consecutive rows to consecutive rows of the matrix.
  public struct Tile {
    /// The rows, at most ``PairTiles/height``, by their numbers in their matrix.
    public let rows: Range<Int>
    /// The columns: rows of the matrix of ``PairTiles``.
    public let columns: Range<Int>
    /// The distance between two rows of ``squares``; a multiple of 32.
    public let stride: Int
    /// The squares, (rows, stride), at vectors' alignment: infinite from the last column on to the next multiple of 32,
    /// and of no meaning beyond. They may be overwritten.
    public let squares: UnsafeMutablePointer<Float>

    /// The squares of a row, counted from the tile's first.
    @inlinable @inline(__always)
    public func row(_ index: Int) -> UnsafeMutablePointer<Float> { squares + index * stride }
  }

  /// The rows of a tile.
  public static var height: Int { 8 }
  /// A tile's rows of the matrix stay in the second-level cache, its squares in the first.
  private static let widest = 512, numbersAtOnce = 1 << 16
  /// The rows that see a tile's columns before the next columns are read.
  private static let rowsAtOnce = 512

  /// The bytes that distances to so many rows take.
  public static func bytes(count: Int, dimension: Int) -> Double {
    4 * Double(roundedUp(count, to: 32)) * Double(dimension) + 4 * Double(height * widest)
  }

  /// Distances to the rows of a matrix, which is copied.
  public init(to matrix: Matrix) {
    count = matrix.rows
    dimension = matrix.columns
    width = min(max(Self.numbersAtOnce / max(dimension, 1) / 32, 1) * 32, Self.widest)
    let panels = roundedUp(count, to: 32) / 32
    packed = alignedMemory(of: Float.self, count: panels * 32 * dimension)
    squares = alignedMemory(of: Float.self, count: Self.height * width)
    lastStrip = alignedMemory(of: Float.self, count: Self.height * dimension)
    for row in 0..<panels * 32 {
      let panel = packed + row / 32 * 32 * dimension + row % 32
      for column in 0..<dimension { panel[column * 32] = row < count ? matrix[row, column] : .infinity }
    }
  }

  deinit {
    for memory in [packed, squares, lastStrip] { memory.deallocate() }
  }

  /// Calls a body for every tile of some rows of a matrix of the same dimension. Every row sees its tiles in the order of
  /// their columns.
  public func forEach(_ rows: Range<Int>, of matrix: Matrix, _ body: (Tile) -> Void) {
    ensure(matrix.columns == dimension && rows.upperBound <= matrix.rows, "rows of one dimension")
    for block in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rowsAtOnce) {
      let end = min(block + Self.rowsAtOnce, rows.upperBound)
      for column in Swift.stride(from: 0, to: count, by: width) {
        let columns = column..<min(column + width, count)
        for row in Swift.stride(from: block, to: end, by: Self.height) {
          let some = row..<min(row + Self.height, end)
          compute(some, of: matrix, columns)
          body(Tile(rows: some, columns: columns, stride: width, squares: squares))
        }
      }
    }
  }

  private func compute(_ rows: Range<Int>, of matrix: Matrix, _ columns: Range<Int>) {
    var points = UnsafePointer(matrix.row(rows.lowerBound))
    if rows.count < Self.height {
      lastStrip.update(from: points, count: rows.count * dimension)
      points = UnsafePointer(lastStrip)
    }
    for column in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: 32) {
      Self.panel(
        points, dimension: dimension, packed + column * dimension, squares + column - columns.lowerBound,
        stride: width)
    }
  }

  /// Eight rows of points against a panel.
  @inline(__always)
  private static func panel(
    _ points: UnsafePointer<Float>, dimension: Int, _ panel: UnsafePointer<Float>,
    _ squares: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var left = InlineArray<8, Vector>(repeating: .zero), right = InlineArray<8, Vector>(repeating: .zero)
    for p in 0..<dimension {
      let b0 = Vector(panel + 32 * p), b1 = Vector(panel + 32 * p + 16)
      for r in 0..<8 {
        let point = Vector(repeating: points[r * dimension + p]), d0 = point - b0, d1 = point - b1
        left[r] = d0.times(d0, plus: left[r])
        right[r] = d1.times(d1, plus: right[r])
      }
    }
    for r in 0..<8 {
      left[r].store(squares + r * stride)
      right[r].store(squares + r * stride + Vector.lanes)
    }
  }
}
