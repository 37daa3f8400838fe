import COpenBLAS

extension SymmetricMatrix {
  /// Its largest `count` eigenvalues, descending, and their eigenvectors, one a row (LAPACK's dsyevr, which overwrites the
  /// elements); nil where elements are no finite numbers or the method fails.
  public consuming func largestEigen(_ count: Int) -> (values: [Double], vectors: [Double])? {
    ensure(count > 0 && count <= size, "eigenvalues that a matrix has")
    guard elements.allSatisfy(\.isFinite) else { return nil }
    let n = blasint(size), from = blasint(size - count + 1), none = 0.0
    var values = [Double](repeating: 0, count: size), vectors = [Double](repeating: 0, count: size * count)
    var support = [blasint](repeating: 0, count: 2 * count), found: blasint = 0, info: blasint = 0
    var room = -1 as blasint, wholeRoom = -1 as blasint, work = [0.0], whole: [blasint] = [0]
    // The first call asks how much room the second needs. Row-major's lower triangle is column-major's upper one.
    for _ in 0..<2 {
      dsyevr_(
        "V", "I", "U", [n], &elements, [n], [none], [none], [from], [n], [none], &found, &values, &vectors, [n],
        &support,
        &work, &room, &whole, &wholeRoom, &info)
      guard info == 0 else { return nil }
      if room > 0 { break }
      room = blasint(work[0])
      wholeRoom = whole[0]
      work = [Double](repeating: 0, count: Int(room))
      whole = [blasint](repeating: 0, count: Int(wholeRoom))
    }
    guard found == count else { return nil }
    let order = (0..<count).reversed()
    return (order.map { values[$0] }, order.flatMap { vectors[$0 * size..<($0 + 1) * size] })
  }
}
