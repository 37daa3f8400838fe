import HDF5

/// `.h5`: a dataset of numbers, named by its path; one that is alone in its file needs no name.
enum HDF5Dataset: SampleFormat {
  static let name = ".h5"
  static let hasNamedArrays = true
  static let content: FileContent? = .hdf5

  static func recognises(name: String) -> Bool { name.hasSuffix(".h5") || name.hasSuffix(".hdf5") }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    _ = try ByteStream.size(of: file)
    try SampleProbe.check(file, array: array)
    let source = try HDF5File(reading: file), arrays = HDF5Arrays(source, file: file)
    // The names of genes are in a file of AnnData whatever its own name is.
    if (try? source.text(attribute: "encoding-type")) == "anndata" {
      return try AnnData.read(array, of: source, file: file)
    }
    let name = try array.map(plain) ?? arrays.only()
    try arrays.require(name)
    return try read(name, of: source, file: file)
  }

  /// Reads a dataset whose path has no slash in front, in chunks of rows.
  static func read(_ dataset: String, of opened: HDF5File, file: String) throws -> SampleTable {
    let (source, path) = try opened.end(of: dataset), shown = "\(file), array '\(dataset)'"
    let elements = try source.elements(of: path)
    guard elements.areNumbers else {
      throw SampleError.malformed(
        file: shown,
        reason: "does not hold numbers but \(elements.inWords); choose another array, or save it as numbers")
    }
    if let part = try HDF5Arrays(source, file: file).owner(of: plain(path)) {
      throw SampleError.malformed(file: shown, reason: part)
    }
    let shape = try source.shape(of: path), isReversed = try MATLAB.isReversed(path, of: source, shown: shown)
    let (rows, columns) = try flattened(shape: shape, file: shown)
    let storage = try source.storage(of: path)
    if let gap = storage.gap {
      throw SampleError.malformed(
        file: shown,
        reason: "has numbers that stand for nothing: \(gap); write it whole, and again where a writer stopped")
    }
    let (numbers, overflow) = rows.multipliedReportingOverflow(by: columns)
    // A dataset may claim any shape and store nothing: compression cannot explain more than this.
    guard !overflow, numbers <= ByteStream.inflated(storage.bytes) else {
      throw SampleError.malformed(file: shown, reason: "says it has \(shape) numbers, more than the file can hold")
    }
    let remarks = try source.remarks(on: path)
    if let packing = remarks.packing {
      throw SampleError.malformed(
        file: shown,
        reason: "holds packed numbers (\(packing)); save the numbers that they stand for, without that attribute")
    }
    let chunk = max(1, (1 << 21) / columns)
    let table = try SampleTable(
      file: shown, columns: isReversed ? rows : columns, expecting: numbers, beside: 8 * min(chunk, rows) * columns)
    for first in stride(from: 0, to: rows, by: chunk) {
      let count = min(chunk, rows - first)
      SampleProbe.goOn()
      var numbers: [Double]
      do {
        numbers = try source.doubles(of: path, from: first, rows: count)
      } catch let error as HDF5Error where !storage.missingFilters.isEmpty {
        throw SampleError.missingFilter(file: shown, filters: storage.missingFilters, reason: error.text)
      }
      guard numbers.count == count * columns else {
        throw SampleError.malformed(
          file: shown, reason: "gave \(numbers.count) numbers for \(count) rows of \(columns)")
      }
      if elements == .booleans(bits: false) {
        mark(&numbers, in: table) { $0 == 0 || $0 == 1 ? nil : "it has NA" }
      }
      if !remarks.areEmpty { mark(&numbers, in: table, remarks.reason) }
      try numbers.withUnsafeBufferPointer {
        if let start = $0.baseAddress { try table.append(start, count: $0.count) }
      }
    }
    // Row after row of the file are columns in MATLAB.
    if isReversed, rows > 1 { try table.transpose(rows: columns) }
    return table
  }

  /// Makes numbers that stand for no value NaN, which no chosen row may hold, and leaves the first reason in the table.
  private static func mark(_ numbers: inout [Double], in table: SampleTable, _ reason: (Double) -> String?) {
    for index in numbers.indices {
      guard let reason = reason(numbers[index]) else { continue }
      numbers[index] = .nan
      if table.missing == nil { table.missing = reason }
    }
  }

  /// A path without the slash in front.
  static func plain(_ path: String) -> String { path.hasPrefix("/") ? String(path.dropFirst()) : path }
}
