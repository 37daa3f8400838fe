import HDF5

/// The arrays of numbers in an HDF5 file, and what else a name in it may lead to.
struct HDF5Arrays {
  let source: HDF5File
  let file: String

  /// How netCDF begins the name of a dataset that stands for a dimension alone.
  private static let bareDimension = "This is a netCDF dimension but not a netCDF variable"

  init(_ source: HDF5File, file: String) {
    self.source = source
    self.file = file
  }

  /// The paths of datasets of numbers without a slash in front, those to which only links lead as well. A dataset that
  /// cannot be looked at counts, so that whoever reads it learns why.
  func available() throws -> [String] { try listed().arrays.filter { try owner(of: $0) == nil } }

  private func listed() throws -> (arrays: [String], lost: [String]) {
    let (paths, lost) = try source.allDatasets()
    let arrays = paths.map(HDF5Dataset.plain).filter { dataset in
      if MATLAB.isInternal(dataset) { return false }
      guard let elements = try? source.elements(of: "/" + dataset) else { return true }
      return elements.areNumbers
    }
    return (arrays, lost)
  }

  /// The only array of numbers.
  func only() throws -> String {
    let (numeric, lost) = try listed(), arrays = try numeric.filter { try owner(of: $0) == nil }
    guard arrays.count != 1 else { return arrays[0] }
    if arrays.isEmpty, let part = numeric.first, let reason = try owner(of: part) {
      throw SampleError.malformed(file: "\(file), array '\(part)'", reason: reason)
    }
    if arrays.isEmpty, let lost = lost.first {
      throw SampleError.malformed(file: file, reason: "has no array of numbers; \(lost)")
    }
    throw SampleError.arrayNeeded(file: file, available: arrays)
  }

  /// Throws unless a dataset is where a path leads to.
  func require(_ array: String) throws {
    switch try source.place(of: "/" + array) {
    case .dataset: return
    case .lost(let reason): throw SampleError.malformed(file: "\(file), array '\(array)'", reason: reason)
    case .group:
      let inside = try source.datasets(in: "/" + array).map { "\(array)/\($0)" }
      for part in inside {
        guard let reason = try owner(of: part) else { continue }
        throw SampleError.malformed(file: "\(file), array '\(array)'", reason: reason)
      }
      throw SampleError.noArray(file: file, array: array, available: inside.isEmpty ? try available() : inside)
    case .other, .absent: throw SampleError.noArray(file: file, array: array, available: try available())
    }
  }

  /// Why the numbers of a dataset are none of samples, in words, such as what it is a part of that means something as a whole
  /// only; nil where it stands for itself.
  func owner(of dataset: String) throws -> String? {
    if let name = try? source.text(attribute: "NAME", of: "/" + dataset), name.hasPrefix(Self.bareDimension) {
      return "is a dimension of netCDF, without values"
    }
    if let reason = MATLAB.refusal(of: "/" + dataset, in: source) { return reason }
    let parts = dataset.split(separator: "/").map { String($0) }
    guard let last = parts.last else { return nil }
    let group = parts.dropLast().map { "/" + $0 }.joined(),
      shown = group.isEmpty ? "the file" : "'\(group.dropFirst())'"
    if try SparseMatrix.parts({ try source.place(of: "\(group)/\($0)") == .dataset }).contains(last) {
      return "is a part of a sparse matrix (\(shown)); \(SparseMatrix.wayOut)"
    }
    if dataset == "matrix" || group == "/layers",
      try ["/row_attrs", "/col_attrs"].allSatisfy({ try source.place(of: $0) == .group })
    {
      return "is a matrix of a loom file, whose rows are genes; convert it to .h5ad (anndata.read_loom(OLD).write(NEW))"
    }
    guard !group.isEmpty, try source.hasAttribute("encoding-type", of: group),
      let kind = try? source.text(attribute: "encoding-type", of: group)
    else { return nil }
    switch kind {
    case "csr_matrix", "csc_matrix": return "is a part of a sparse matrix (\(shown)); \(SparseMatrix.wayOut)"
    case "categorical": return "is a part of \(shown), which holds categories and not numbers"
    case _ where kind.hasPrefix("nullable-"): return "is a part of \(shown), a column with missing values"
    case "awkward-array": return "is a part of \(shown), an awkward array; store it as a matrix"
    default: return nil
    }
  }
}
