/// How the parts of a sparse matrix are told from arrays of samples, by the names that stand beside each other.
enum SparseMatrix {
  /// The ways of storing: names that are all there, and all names that belong to them. Rows or columns in compressed form
  /// (SciPy, AnnData, 10x), MATLAB's, coordinates (SciPy, PyData), diagonals.
  private static let ways: [(needed: Set<String>, parts: Set<String>)] = [
    (["indptr", "indices"], ["data", "indices", "indptr", "shape", "format"]),
    (["ir", "jc"], ["data", "ir", "jc"]),
    (["row", "col", "data", "shape"], ["row", "col", "data", "shape", "format"]),
    (["coords", "data", "shape"], ["coords", "data", "shape", "fill_value"]),
    (["offsets", "data", "shape"], ["offsets", "data", "shape", "format"]),
  ]

  /// The names that are parts of a sparse matrix, given a test of what stands in their place; none where there is none.
  static func parts(_ isThere: (String) throws -> Bool) rethrows -> Set<String> {
    for way in ways where try way.needed.allSatisfy(isThere) { return way.parts }
    return []
  }

  /// What is wrong with a sparse matrix, or a part of one.
  static let wayOut = "store it dense (X.toarray())"
}
