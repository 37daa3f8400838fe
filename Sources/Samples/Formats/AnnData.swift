import HDF5

/// `.h5ad` (AnnData): `X`, which is also what is read without a name, or a key of `obsm`; dense matrices only.
enum AnnData: SampleFormat {
  static let name = ".h5ad"
  static let hasNamedArrays = true

  static func recognises(name: String) -> Bool { name.hasSuffix(".h5ad") }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    _ = try ByteStream.size(of: file)
    try SampleProbe.check(file, array: array)
    let source = try HDF5File(reading: file)
    let datasets = try source.datasets().map(HDF5Dataset.plain)
    let name = array ?? "X"
    for path in name == "X" || name.contains("/") ? [HDF5Dataset.plain(name)] : ["obsm/" + name] {
      if datasets.contains(path) { return try HDF5Dataset.read(path, of: source, file: file) }
      if datasets.contains(path + "/indptr") {
        throw SampleError.malformed(
          file: "\(file), array '\(name)'",
          reason: "is a sparse matrix; store it dense (adata.X = adata.X.toarray()) or name a key of obsm")
      }
    }
    let known = datasets.filter { $0 == "X" || $0.hasPrefix("obsm/") }.map { $0 == "X" ? $0 : String($0.dropFirst(5)) }
    throw SampleError.noArray(file: file, array: name, available: known)
  }
}
