import COpenBLAS

/// Singular values of weights: float32 matrices, row-major, computed in float64.
public enum SingularValues {
  /// The largest singular value, with its vectors u (rows) and v (columns), by squaring the normalised Gram matrix of the
  /// smaller side until only its leading direction is left: it needs no start vector and no history, so it is as right
  /// after a crossing of singular values as before. Relative error below 1e-6; NaN where an entry is not finite.
  public static func largest(_ weight: UnsafePointer<Float>, rows: Int, columns: Int) -> (
    value: Double, u: [Double], v: [Double]
  ) {
    let wide = columns > rows, n = min(rows, columns), long = max(rows, columns)
    let w = (0..<rows * columns).map { Double(weight[$0]) }
    var gram = [Double](repeating: 0, count: n * n), square = gram
    cblas_dgemm(
      CblasRowMajor, wide ? CblasNoTrans : CblasTrans, wide ? CblasTrans : CblasNoTrans, blasint(n), blasint(n),
      blasint(long), 1, w, blasint(columns), w, blasint(columns), 0, &gram, blasint(n))
    for _ in 0..<24 {
      var trace = 0.0
      for i in 0..<n { trace += gram[i * n + i] }
      guard trace > 0, trace.isFinite else { break }
      for i in gram.indices { gram[i] /= trace }
      var purity = 0.0
      for g in gram { purity += g * g }
      if purity > 1 - 1e-13 { break }
      cblas_dsymm(
        CblasRowMajor, CblasLeft, CblasUpper, blasint(n), blasint(n), 1, gram, blasint(n), gram, blasint(n), 0, &square,
        blasint(n))
      swap(&gram, &square)
    }
    // The column of the largest diagonal entry is the leading vector of what is left.
    var pivot = 0
    for i in 0..<n where gram[i * n + i] > gram[pivot * n + pivot] { pivot = i }
    var short = (0..<n).map { gram[$0 * n + pivot] }
    normalise(&short)
    var other = [Double](repeating: 0, count: long)
    for row in 0..<rows {
      for column in 0..<columns {
        if wide {
          other[column] += w[row * columns + column] * short[row]
        } else {
          other[row] += w[row * columns + column] * short[column]
        }
      }
    }
    let value = normalise(&other)
    return wide ? (value, short, other) : (value, other, short)
  }

  @discardableResult
  private static func normalise(_ vector: inout [Double]) -> Double {
    var sum = 0.0
    for x in vector { sum += x * x }
    let norm = sum.squareRoot()
    if norm > 0 { for i in vector.indices { vector[i] /= norm } }
    return norm
  }
}
