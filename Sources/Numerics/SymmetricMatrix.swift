import COpenBLAS

/// A symmetric matrix in float64, for spectra of some thousand rows at most.
public struct SymmetricMatrix: Sendable {
  /// The number of rows.
  public let size: Int
  /// The elements, (size, size), row-major.
  public var elements: [Double]

  /// A matrix of these elements, of which the lower triangle counts.
  public init(size: Int, elements: [Double]) {
    ensure(elements.count == size * size, "a square matrix")
    self.size = size
    self.elements = elements
  }

  /// Its eigenvalues, ascending, and the eigenvectors, one a row (LAPACK's dsyevd); nil where elements are no finite numbers
  /// or the method fails.
  public func eigen() -> (values: [Double], vectors: [Double])? {
    guard size > 0, elements.allSatisfy(\.isFinite) else { return nil }
    var vectors = elements, values = [Double](repeating: 0, count: size), n = blasint(size), info: blasint = 0
    var room = -1 as blasint, wholeRoom = -1 as blasint, work = [0.0], whole: [blasint] = [0]
    // The first call asks how much room the second needs. Row-major's lower triangle is column-major's upper one.
    for _ in 0..<2 {
      dsyevd_("V", "U", &n, &vectors, &n, &values, &work, &room, &whole, &wholeRoom, &info)
      guard info == 0 else { return nil }
      if room > 0 { return (values, vectors) }
      room = blasint(work[0])
      wholeRoom = whole[0]
      work = [Double](repeating: 0, count: Int(room))
      whole = [blasint](repeating: 0, count: Int(wholeRoom))
    }
    return nil
  }

  /// f of the matrix: the same eigenvectors with f of the eigenvalues; nil where it has none.
  public func mapped(_ f: (Double) -> Double) -> SymmetricMatrix? {
    guard let (values, vectors) = eigen() else { return nil }
    var scaled = vectors
    for k in 0..<size {
      let factor = f(values[k])
      for i in 0..<size { scaled[k * size + i] *= factor }
    }
    return SymmetricMatrix(size: size, elements: Self.product(vectors, transposed: true, scaled, size))
  }

  /// A times a symmetric matrix, symmetric or not, (size, size).
  public func times(_ other: SymmetricMatrix) -> [Double] {
    Self.product(elements, transposed: false, other.elements, size)
  }

  /// A B A, which is symmetric.
  public func around(_ inner: SymmetricMatrix) -> SymmetricMatrix {
    SymmetricMatrix(
      size: size, elements: Self.product(elements, transposed: false, inner.times(self), size))
  }

  private static func product(_ a: [Double], transposed: Bool, _ b: [Double], _ n: Int) -> [Double] {
    var c = [Double](repeating: 0, count: n * n)
    let size = blasint(n)
    cblas_dgemm(
      CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, size, size, size, 1, a, size, b, size, 0, &c,
      size)
    return c
  }
}
