import HDF5

/// `.h5ad` (AnnData): `X`, which is also what is read without a name, a key of `obsm`, or a path; dense or sparse.
enum AnnData: SampleFormat {
  static let name = ".h5ad"
  static let hasNamedArrays = true
  static let content: FileContent? = .hdf5

  static func recognises(name: String) -> Bool { name.hasSuffix(".h5ad") }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    _ = try ByteStream.size(of: file)
    try SampleProbe.check(file, array: array)
    return try read(array, of: HDF5File(reading: file), file: file)
  }

  /// Reads an array of an open file.
  static func read(_ array: String?, of source: HDF5File, file: String) throws -> SampleTable {
    let name = HDF5Dataset.plain(array ?? "X")
    let path = name == "X" || name.contains("/") ? name : "obsm/" + name
    let table = try matrix(name, at: path, of: source, file: file), parts = path.split(separator: "/")
    let (rows, columns): (String?, String?) =
      switch parts.first {
      case "X" where parts.count == 1, "layers": ("obs", "var")
      case "raw" where path == "raw/X": ("obs", "raw/var")
      case "obsm", "obsp": ("obs", nil)
      case "varm", "varp": ("var", nil)
      default: (nil, nil)
      }
    let names = AnnDataNames(source: source, file: file)
    table.rowNames = try rows.flatMap { try names.index(of: $0, count: table.rows) }
    table.columnNames = try columns.flatMap { try names.index(of: $0, count: table.columns) }
    return table
  }

  private static func matrix(_ name: String, at path: String, of source: HDF5File, file: String) throws -> SampleTable {
    switch try source.place(of: "/" + path) {
    case .dataset: return try HDF5Dataset.read(path, of: source, file: file)
    case .group:
      let (end, inside) = try source.end(of: path), plain = HDF5Dataset.plain(inside)
      if let sparse = try SparseAnnData(plain, of: end, file: file) { return try sparse.read() }
    case .other, .absent, .lost: break
    }
    throw try error(name, at: path, in: source, file: file)
  }

  /// The texts of a column of `obs`, one for each row. Throws a ``SampleError`` where there is none, with the names of those
  /// that there are.
  static func column(_ name: String, of file: String) throws -> [String] {
    try SampleProbe.check(file, array: nil)
    let names = AnnDataNames(source: try HDF5File(reading: file), file: file)
    return try names.column(name, of: "obs", count: try names.length(of: "obs"))
  }

  /// Why there is no matrix at a path.
  private static func error(_ name: String, at path: String, in source: HDF5File, file: String) throws -> any Error {
    let shown = "\(file), array '\(name)'", arrays = HDF5Arrays(source, file: file)
    switch try source.place(of: "/" + path) {
    case .group:
      if try isSparse(path, in: source) {
        return SampleError.malformed(
          file: shown,
          reason:
            "is a sparse matrix, but not of compressed rows or columns (CSR, CSC); store it as one of these (.tocsr())")
      }
      let inside = try arrays.available().filter { $0.hasPrefix(path + "/") }.map {
        String($0.dropFirst(path.count + 1))
      }
      let kind = try? source.text(attribute: "encoding-type", of: "/" + path)
      if try kind == "dataframe" || source.place(of: "/\(path)/_index") == .dataset {
        return SampleError.malformed(
          file: shown,
          reason:
            "is a data frame with the columns \(inside.prefix(12).joined(separator: ", ")), not a matrix; store it as one "
            + "(.to_numpy())")
      }
    case .lost(let reason): return SampleError.malformed(file: shown, reason: reason)
    case .dataset, .other, .absent: break
    }
    for folder in ["layers", "varm", "obsp", "varp", "uns"] where try source.place(of: "/\(folder)/\(name)") != .absent
    {
      return SampleError.malformed(
        file: shown, reason: "is no key of obsm but of \(folder); write array: \(folder)/\(name)")
    }
    if try source.place(of: "/obsm") == .dataset, case .records(let keys) = try source.elements(of: "/obsm") {
      if keys.contains(name) || path.hasPrefix("obsm/") && keys.contains(String(path.dropFirst(5))) {
        return SampleError.malformed(
          file: shown,
          reason:
            "stands in an obsm of an old version of anndata (before 0.7), one table of all keys; write the file again with "
            + "a new one: anndata.read_h5ad(OLD).write(NEW)")
      }
    }
    let known = try arrays.available().filter { path in
      let parts = path.split(separator: "/")
      return path == "X" || path == "raw/X" || parts.count == 2 && ["obsm", "layers"].contains(parts[0])
    }
    return SampleError.noArray(
      file: file, array: name, available: known.map { $0.hasPrefix("obsm/") ? String($0.dropFirst(5)) : $0 })
  }

  private static func isSparse(_ path: String, in source: HDF5File) throws -> Bool {
    let kind = (try? source.text(attribute: "encoding-type", of: "/" + path)) ?? ""
    return try ["csr_matrix", "csc_matrix"].contains(kind) || source.hasAttribute("h5sparse_format", of: "/" + path)
      || !SparseMatrix.parts { try source.place(of: "/\(path)/\($0)") == .dataset }.isEmpty
  }
}
