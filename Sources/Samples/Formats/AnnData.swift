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
      if datasets.contains(path) {
        let table = try HDF5Dataset.read(path, of: source, file: file)
        table.rowNames = try names(of: "obs", in: source, datasets, count: table.rows, file: file)
        if path == "X" || path.hasPrefix("layers/") {
          table.columnNames = try names(of: "var", in: source, datasets, count: table.columns, file: file)
        }
        return table
      }
      if datasets.contains(path + "/indptr") {
        throw SampleError.malformed(
          file: "\(file), array '\(name)'",
          reason: "is a sparse matrix; store it dense (adata.X = adata.X.toarray()) or name a key of obsm")
      }
    }
    let known = datasets.filter { $0 == "X" || $0.hasPrefix("obsm/") }.map { $0 == "X" ? $0 : String($0.dropFirst(5)) }
    throw SampleError.noArray(file: file, array: name, available: known)
  }

  /// The index of `obs` or `var`; nil where there is none of texts.
  private static func names(
    of group: String, in source: HDF5File, _ datasets: [String], count: Int, file: String
  ) throws -> [String]? {
    let path = "\(group)/\((try? source.text(attribute: "_index", of: group)) ?? "_index")"
    guard datasets.contains(path), try !source.isNumeric(path) else { return nil }
    let shape = try source.shape(of: path)
    guard shape == [count] else {
      throw SampleError.malformed(file: file, reason: "\(path) has the shape \(shape) where \(count) names are needed")
    }
    // A damaged heap of texts can make the library search forever.
    SampleProbe.goOn(seconds: 5 + count / 20_000)
    return try source.texts(of: path)
  }
}
