import COpenBLAS

// Products in float64; matrices are row-major without gaps.
extension BLAS {
  /// C = A B with A (m, k), B (k, n), C (m, n).
  static func multiply(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, m: Int, n: Int, k: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a, blasint(k), b, blasint(n),
      0, c, blasint(n))
  }

  /// C = A B^T with A (m, k), B (n, k), C (m, n).
  public static func multiply(
    _ a: UnsafePointer<Double>, transposed b: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, m: Int,
    n: Int,
    k: Int
  ) {
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(m), blasint(n), blasint(k), 1, a, blasint(k), b, blasint(k), 0,
      c,
      blasint(n))
  }

  /// The lower triangle of C = A A^T with A (n, k), C (n, n).
  static func rowProducts(_ a: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, n: Int, k: Int) {
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, blasint(n), blasint(k), 1, a, blasint(k), 0, c, blasint(n))
  }

  /// Adds A^T A and weight v v^T to the lower triangle of C, with A (k, n), v (n), C (n, n).
  static func addColumnProducts(
    _ a: UnsafePointer<Double>, and v: UnsafePointer<Double>, weight: Double, into c: UnsafeMutablePointer<Double>,
    n: Int, k: Int
  ) {
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, blasint(n), blasint(k), 1, a, blasint(n), 1, c, blasint(n))
    if weight != 0 { cblas_dsyr(CblasRowMajor, CblasLower, blasint(n), weight, v, 1, c, blasint(n)) }
  }
}
