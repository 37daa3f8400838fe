import COpenBLAS
import Glibc

/// Matrix products by OpenBLAS, on one thread.
public enum BLAS {
  /// Keeps OpenBLAS to one thread: the ranks are the parallelism.
  public static func useOneThread() { openblas_set_num_threads(1) }

  /// The library, its version and the processor that its kernels are for.
  public static var library: String {
    let words = openblas_get_config().map { String(cString: $0).split(separator: " ") } ?? []
    let core = openblas_get_corename().map { String(cString: $0) } ?? ""
    return (words.prefix(2) + [core[...]]).joined(separator: " ")
  }

  /// The bytes of the buffer that OpenBLAS asks for at its first use, and a little more.
  public static let bufferBytes = 144 << 20

  /// Lets OpenBLAS have its buffer now. False where the system does not give as much: OpenBLAS would ask for it for ever.
  public static func reserve() -> Bool {
    let trial = mmap(nil, bufferBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let trial, trial != MAP_FAILED else { return false }
    munmap(trial, bufferBytes)
    // Large enough for no short cut to be taken.
    let size = 256
    let a = alignedMemory(of: Float.self, count: size * size), c = alignedMemory(of: Float.self, count: size * size)
    multiplyTransposed(a, by: a, into: c, m: size, n: size, k: size)
    a.deallocate()
    c.deallocate()
    return true
  }

  /// The processor whose kernels OpenBLAS has chosen, or OPENBLAS_CORETYPE for it.
  public static var kernels: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// C = A B with A (m, k), B (k, n), C (m, n), row-major without gaps: what the network's own products are measured by.
  public static func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a, blasint(k), b, blasint(n),
      0, c, blasint(n))
  }

  /// C = A^T B with A (k, m), B (k, n), C (m, n), row-major without gaps; for the same purpose.
  public static func multiplyTransposed(
    _ a: UnsafePointer<Float>, by b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a, blasint(m), b, blasint(n), 0,
      c, blasint(n))
  }
}

extension BLAS {
  /// 1.5 W - 0.5 W W^T W in float64, W (rows, columns): a step towards the polar factor of W.
  public static func newtonSchulz(_ w: [Double], rows: Int, columns: Int) -> [Double] {
    let isWide = columns > rows, n = min(rows, columns)
    var gram = [Double](repeating: 0, count: n * n), next = w
    cblas_dgemm(
      CblasRowMajor, isWide ? CblasNoTrans : CblasTrans, isWide ? CblasTrans : CblasNoTrans, blasint(n), blasint(n),
      blasint(max(rows, columns)), 1, w, blasint(columns), w, blasint(columns), 0, &gram, blasint(n))
    if isWide {
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(n), -0.5, gram, blasint(n),
        w, blasint(columns), 1.5, &next, blasint(columns))
    } else {
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(n), -0.5, w,
        blasint(columns), gram, blasint(n), 1.5, &next, blasint(columns))
    }
    return next
  }
}
