import HDF5

/// `.h5`: a dataset of numbers, named by its path; one that is alone in its file needs no name.
enum HDF5Dataset: SampleFormat {
  static let name = ".h5"
  static let hasNamedArrays = true

  static func recognises(name: String) -> Bool { name.hasSuffix(".h5") || name.hasSuffix(".hdf5") }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    _ = try ByteStream.size(of: file)
    try SampleProbe.check(file, array: array)
    let source = try HDF5File(reading: file)
    let available = try source.datasets().map(plain)
    if let array {
      guard available.contains(plain(array)) else {
        throw SampleError.noArray(file: file, array: array, available: available)
      }
      return try read(plain(array), of: source, file: file)
    }
    let numeric = try available.filter { try source.isNumeric("/" + $0) }
    guard numeric.count == 1 else { throw SampleError.arrayNeeded(file: file, available: numeric) }
    return try read(numeric[0], of: source, file: file)
  }

  /// Reads a dataset whose path has no slash in front, in chunks of rows.
  static func read(_ dataset: String, of source: HDF5File, file: String) throws -> SampleTable {
    let path = "/" + dataset, shown = "\(file), array '\(dataset)'"
    guard try source.isNumeric(path) else {
      throw SampleError.malformed(file: shown, reason: "does not hold numbers; choose another array")
    }
    let shape = try source.shape(of: path)
    let (rows, columns) = try flattened(shape: shape, file: shown)
    let (numbers, overflow) = rows.multipliedReportingOverflow(by: columns)
    // A dataset may claim any shape and store nothing: compression cannot explain more than this.
    guard !overflow, numbers <= ByteStream.inflated(try ByteStream.size(of: file)) else {
      throw SampleError.malformed(file: shown, reason: "says it has \(shape) numbers, more than the file can hold")
    }
    let table = SampleTable(file: shown, columns: columns)
    let chunk = max(1, (1 << 21) / columns)
    for first in stride(from: 0, to: rows, by: chunk) {
      let count = min(chunk, rows - first)
      SampleProbe.goOn()
      let numbers = try source.doubles(of: path, from: first, rows: count)
      guard numbers.count == count * columns else {
        throw SampleError.malformed(
          file: shown, reason: "gave \(numbers.count) numbers for \(count) rows of \(columns)")
      }
      numbers.withUnsafeBufferPointer { if let start = $0.baseAddress { table.append(start, count: $0.count) } }
    }
    return table
  }

  /// A path without the slash in front.
  static func plain(_ path: String) -> String { path.hasPrefix("/") ? String(path.dropFirst()) : path }
}
