import CHDF5

extension HDF5File {
  /// Bytes that may be asked for whatever the file's size: parts of a dataset that were never written cost it nothing.
  static let freeBytes = 64 << 20

  /// The lengths of a dataset's dimensions; empty for a single number.
  package func shape(of dataset: String) throws -> [Int] {
    try Dataset(dataset, of: self).shape
  }

  /// Where in the file the numbers of a dataset begin that lie in one piece, row after row. Throws where they do not, or
  /// have no place yet.
  package func offset(of dataset: String) throws -> Int {
    let open = try Dataset(dataset, of: self), id = open.handle.id
    let what = "cannot tell where the dataset '\(dataset)' begins"
    guard let offset = Int(exactly: Library.locked { H5Dget_offset(id) }) else {
      throw failure(what, "it is not in one piece")
    }
    return offset
  }

  /// Whether the elements of a dataset are read as numbers: integers, floating-point numbers or booleans.
  package func isNumeric(_ dataset: String) throws -> Bool { try elements(of: dataset).areNumbers }

  /// Rows of a numeric dataset as float32, (rows, ...) in row order, from whatever number type it has.
  package func floats(of dataset: String, from firstRow: Int, rows: Int) throws -> [Float] {
    try values(of: dataset, from: firstRow, rows: rows)
  }

  /// Rows of a numeric dataset as float64, (rows, ...) in row order, from whatever number type it has.
  package func doubles(of dataset: String, from firstRow: Int, rows: Int) throws -> [Double] {
    try values(of: dataset, from: firstRow, rows: rows)
  }

  /// Rows of a numeric dataset as int64, (rows, ...) in row order; fractions are cut off.
  package func int64s(of dataset: String, from firstRow: Int, rows: Int) throws -> [Int64] {
    try values(of: dataset, from: firstRow, rows: rows)
  }

  /// All numbers of a dataset of any shape, in row order.
  package func values<T: HDF5Number>(of dataset: String, as type: T.Type = T.self) throws -> [T] {
    let shape = try shape(of: dataset)
    if let rows = shape.first { return try values(of: dataset, from: 0, rows: rows) }
    var value = [T.zero]
    let open = try Dataset(dataset, of: self)
    try requireReadable(open, elements: 1)
    let id = open.handle.id, all = gpa_h5_all()
    _ = try check("cannot read the dataset '\(dataset)'", H5Dread(id, T.nativeType, all, all, gpa_h5_default(), &value))
    return value
  }

  /// Rows of a numeric dataset. Throws where the dataset is not there, not numeric, has fewer rows, or claims more bytes
  /// than its file can hold.
  package func values<T: HDF5Number>(of dataset: String, from firstRow: Int, rows: Int) throws -> [T] {
    let open = try Dataset(dataset, of: self)
    let range = try range(from: firstRow, rows: rows, of: dataset)
    let count = try open.count(of: range, frame: nil)
    try requireReadable(open, elements: count)
    var values = [T](repeating: .zero, count: count)
    try values.withUnsafeMutableBufferPointer { memory in
      guard let start = memory.baseAddress else { return }
      try read(open, rows: range, frame: nil, into: start)
    }
    return values
  }

  /// Fills memory with rows of a dataset, or with rows of one frame, an index of the first dimension of three or more.
  package func read<T: HDF5Number>(
    _ dataset: String, rows: Range<Int>, frame: Int? = nil, into memory: UnsafeMutablePointer<T>
  ) throws {
    let open = try Dataset(dataset, of: self)
    try requireReadable(open, elements: try open.count(of: rows, frame: frame))
    try read(open, rows: rows, frame: frame, into: memory)
  }

  private func read<T: HDF5Number>(
    _ dataset: borrowing Dataset, rows: Range<Int>, frame: Int?, into memory: UnsafeMutablePointer<T>
  ) throws {
    let id = dataset.handle.id, name = dataset.name
    if try dataset.elements() == .booleans(bits: true) {
      return try readBits(dataset, rows: rows, frame: frame, into: memory)
    }
    try dataset.forEachPart(of: rows, frame: frame, elementBytes: MemoryLayout<T>.size) { part, slab, offset in
      _ = try check(
        "cannot read the dataset '\(name)'", H5Dread(id, T.nativeType, part, slab, gpa_h5_default(), memory + offset))
    }
  }

  /// Bits, which the library converts to no numbers: one in a byte.
  private func readBits<T: HDF5Number>(
    _ dataset: borrowing Dataset, rows: Range<Int>, frame: Int?, into memory: UnsafeMutablePointer<T>
  ) throws {
    let id = dataset.handle.id, name = dataset.name, count = try dataset.count(of: rows, frame: frame)
    var bytes = [UInt8](repeating: 0, count: count)
    try dataset.forEachPart(of: rows, frame: frame, elementBytes: 1) { part, slab, offset in
      try bytes.withUnsafeMutableBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return }
        _ = try check(
          "cannot read the dataset '\(name)'",
          H5Dread(id, gpa_h5_native_b8(), part, slab, gpa_h5_default(), start + offset))
      }
    }
    for (index, byte) in bytes.enumerated() {
      guard byte <= 1 else { throw failure("cannot read the dataset '\(name)'", "its bits are no booleans") }
      memory[index] = byte == 0 ? .zero : .one
    }
  }

  private func range(from firstRow: Int, rows: Int, of dataset: String) throws -> Range<Int> {
    let (end, overflow) = firstRow.addingReportingOverflow(rows)
    guard firstRow >= 0, rows >= 0, !overflow else {
      throw failure("cannot read the dataset '\(dataset)'", "\(rows) rows from row \(firstRow) on are impossible")
    }
    return firstRow..<end
  }

  /// Throws unless the dataset is numeric and its files can hold that many elements, compressed or not.
  private func requireReadable(_ dataset: borrowing Dataset, elements: Int) throws {
    let what = "cannot read the dataset '\(dataset.name)'"
    guard try dataset.elements().areNumbers else { throw failure(what, "it does not hold numbers") }
    let elementBytes = try dataset.elementBytes(), chunk = try dataset.chunk()
    let chunkElements = chunk.reduce(1) { product, length in
      let (product, overflow) = product.multipliedReportingOverflow(by: length)
      return overflow ? Int.max : product
    }
    let claimed = max(elements, chunkElements)
    if claimed > Self.freeBytes / elementBytes {
      let (bytes, isFiltered) = try dataset.sizeBehind()
      // Deflate, the strongest common filter, makes data at most 1032 times smaller.
      let (inflated, tooLarge) = bytes.multipliedReportingOverflow(by: isFiltered ? 1100 : 1)
      let limit = tooLarge ? Int.max : max(inflated, Self.freeBytes)
      guard claimed <= limit / elementBytes else {
        throw failure(what, "it claims more numbers than a file of \(bytes) bytes can hold")
      }
    }
    // The library trusts a chunk's shape where it reads one.
    for (i, length) in chunk.enumerated() where i < dataset.shape.count {
      guard dataset.largestShape[i] != dataset.shape[i] || length <= max(dataset.shape[i], 1) else {
        throw failure(what, "its chunks \(chunk) are larger than its shape \(dataset.shape)")
      }
    }
  }
}
