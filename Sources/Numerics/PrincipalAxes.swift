/// The directions in which rows vary most: eigenvectors of their covariance, by the Gram matrix of the rows where there are
/// fewer of them than columns, and of the columns otherwise, block by block of rows.
///
/// All is float64. Directions whose standard deviation is below a millionth of the first are lost in rounding and left out.
/// Signs are those of scikit-learn's PCA: the component of largest magnitude is positive, the first of them where several
/// are.
public struct PrincipalAxes: Sendable {
  /// The mean of the rows.
  public let mean: [Double]
  /// The directions, orthonormal, one a row, (count, columns).
  public let axes: [Double]
  /// The variance of the rows along each, divided by the number of rows less 1; descending.
  public let variances: [Double]
  /// The sum of the variances of all columns.
  public let totalVariance: Double

  /// The bytes that ``fit(rows:columns:atMost:blockRows:read:)`` needs at once.
  public static func bytes(rows: Int, columns: Int, atMost components: Int, blockRows: Int) -> Double {
    let m = Double(rows), n = Double(columns), k = Double(components), side = min(m, n)
    let kept = rows < columns ? m * n : Double(min(rows, blockRows)) * n
    return 8 * (kept + 2 * side * side + 2 * k * side + 3 * k * n)
  }

  /// Finds at most so many directions, fewer where the rows vary in fewer; nil where the products of numbers overflow.
  /// `read` puts rows into memory for them, (range.count, columns), each row once.
  public static func fit(
    rows: Int, columns: Int, atMost components: Int, blockRows: Int,
    read: (_ rows: Range<Int>, _ memory: UnsafeMutablePointer<Double>) throws -> Void
  ) rethrows -> PrincipalAxes? {
    ensure(components > 0 && components <= min(rows, columns), "as many directions as rows and columns allow")
    return rows < columns
      ? try byRows(rows, columns, components, read) : try byColumns(rows, columns, components, blockRows, read)
  }

  private static func byRows(
    _ rows: Int, _ columns: Int, _ components: Int, _ read: (Range<Int>, UnsafeMutablePointer<Double>) throws -> Void
  ) rethrows -> PrincipalAxes? {
    let memory = alignedMemory(of: Double.self, count: rows * columns)
    defer { memory.deallocate() }
    try read(0..<rows, memory)
    let mean = centre(memory, rows, columns)
    var gram = [Double](repeating: 0, count: rows * rows)
    BLAS.rowProducts(memory, into: &gram, n: rows, k: columns)
    let total = (0..<rows).reduce(0) { $0 + gram[$1 * rows + $1] }
    guard let (values, vectors) = SymmetricMatrix(size: rows, elements: gram).largestEigen(components) else {
      return nil
    }
    let count = told(values, rows, mean)
    var scaled = Array(vectors[..<(count * rows)]), axes = [Double](repeating: 0, count: count * columns)
    for k in 0..<count {
      let factor = 1 / values[k].squareRoot()
      for row in 0..<rows { scaled[k * rows + row] *= factor }
    }
    if count > 0 { BLAS.multiply(scaled, memory, into: &axes, m: count, n: columns, k: rows) }
    return PrincipalAxes(mean, axes, values[..<count], total, rows)
  }

  private static func byColumns(
    _ rows: Int, _ columns: Int, _ components: Int, _ blockRows: Int,
    _ read: (Range<Int>, UnsafeMutablePointer<Double>) throws -> Void
  ) rethrows -> PrincipalAxes? {
    let block = alignedMemory(of: Double.self, count: min(rows, blockRows) * columns)
    defer { block.deallocate() }
    var mean = [Double](repeating: 0, count: columns), gram = [Double](repeating: 0, count: columns * columns)
    for first in stride(from: 0, to: rows, by: blockRows) {
      let range = first..<min(first + blockRows, rows)
      try read(range, block)
      var distance = centre(block, range.count, columns)
      let share = Double(range.count) / Double(range.upperBound)
      for column in 0..<columns { distance[column] -= mean[column] }
      BLAS.addColumnProducts(
        block, and: distance, weight: Double(first) * share, into: &gram, n: columns, k: range.count)
      for column in 0..<columns { mean[column] += distance[column] * share }
    }
    let total = (0..<columns).reduce(0) { $0 + gram[$1 * columns + $1] }
    let matrix = SymmetricMatrix(size: columns, elements: gram)
    gram = []
    guard let (values, vectors) = matrix.largestEigen(components) else { return nil }
    let count = told(values, rows, mean)
    return PrincipalAxes(mean, Array(vectors[..<(count * columns)]), values[..<count], total, rows)
  }

  private init(_ mean: [Double], _ axes: [Double], _ squares: ArraySlice<Double>, _ total: Double, _ rows: Int) {
    let columns = mean.count, count = squares.count
    var axes = axes
    if count > 0 {
      // What rounding leaves of directions to one another is small, and its square is nothing.
      for _ in 0..<2 { axes = BLAS.newtonSchulz(axes, rows: count, columns: columns) }
    }
    for k in 0..<count where Self.isTurned(axes[k * columns..<(k + 1) * columns]) {
      for i in k * columns..<(k + 1) * columns { axes[i] = -axes[i] }
    }
    self.mean = mean
    self.axes = axes
    variances = squares.map { $0 / Double(rows - 1) }
    totalVariance = rows > 1 ? total / Double(rows - 1) : 0
  }

  /// How many of the eigenvalues, descending, are more than rounding errors: their own, and those of the mean.
  private static func told(_ values: [Double], _ rows: Int, _ mean: [Double]) -> Int {
    let error = Double(rows) * .ulpOfOne, floor = Double(rows) * error * error * mean.reduce(0) { $0 + $1 * $1 }
    guard let first = values.first, first > 0 else { return 0 }
    return values.prefix { $0 > max(1e-12 * first, floor) }.count
  }

  private static func isTurned(_ axis: ArraySlice<Double>) -> Bool {
    var largest = 0.0
    for value in axis where abs(value) > abs(largest) { largest = value }
    return largest < 0
  }

  /// Takes the mean of rows off them.
  private static func centre(_ rows: UnsafeMutablePointer<Double>, _ count: Int, _ columns: Int) -> [Double] {
    var mean = [Double](repeating: 0, count: columns)
    mean.withUnsafeMutableBufferPointer { mean in
      for row in 0..<count {
        let row = rows + row * columns
        for column in 0..<columns { mean[column] += row[column] }
      }
      for column in 0..<columns { mean[column] /= Double(count) }
      for row in 0..<count {
        let row = rows + row * columns
        for column in 0..<columns { row[column] -= mean[column] }
      }
    }
    return mean
  }
}
