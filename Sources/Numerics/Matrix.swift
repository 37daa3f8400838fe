import Glibc

/// A row-major float32 matrix in memory aligned to 64 bytes, or a view of such memory that somebody else owns.
///
/// A reference type: copies of the variable share the elements. Hot loops read `elements`; its precondition is that an
/// index stays below `rows * columns`, and that the matrix outlives the use.
public final class Matrix {
  /// The number of rows (samples).
  public let rows: Int
  /// The number of columns (dimensions).
  public let columns: Int
  /// The elements, row after row.
  public let elements: UnsafeMutablePointer<Float>
  private let owner: AnyObject?

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    ensure(rows >= 0 && columns >= 0, "a matrix has no negative size")
    self.rows = rows
    self.columns = columns
    elements = alignedMemory(of: Float.self, count: rows * columns)
    owner = nil
  }

  /// A view of `rows * columns` floats that `owner` keeps alive.
  public init(viewing elements: UnsafeMutablePointer<Float>, rows: Int, columns: Int, owner: AnyObject) {
    self.rows = rows
    self.columns = columns
    self.elements = elements
    self.owner = owner
  }

  deinit {
    if owner == nil { elements.deallocate() }
  }

  /// The number of elements.
  public var count: Int { rows * columns }

  /// The elements as a buffer.
  public var buffer: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: elements, count: count) }

  /// The first element of a row.
  public func row(_ index: Int) -> UnsafeMutablePointer<Float> { elements + index * columns }

  /// The element at a row and a column.
  public subscript(row: Int, column: Int) -> Float {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// A matrix of its own with the same elements.
  public func copy() -> Matrix {
    let result = Matrix(rows: rows, columns: columns)
    result.assign(self)
    return result
  }

  /// Copies the elements of a matrix of the same shape.
  public func assign(_ other: Matrix) {
    ensure(rows == other.rows && columns == other.columns, "shapes differ")
    elements.update(from: other.elements, count: count)
  }
}

/// Memory for `count` zeros (all bytes zero), aligned to 64 bytes; the caller deallocates it.
public func alignedMemory<T: BitwiseCopyable>(of type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
  let bytes = max(count, 1) * MemoryLayout<T>.stride
  guard let memory = aligned_alloc(64, (bytes + 63) / 64 * 64) else { endForWantOfMemory(bytes: bytes) }
  memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  return memory.bindMemory(to: T.self, capacity: max(count, 1))
}
