/// How a number is stored in a binary file.
struct NumberType: Equatable {
  /// The kinds of numbers.
  enum Kind: Equatable {
    case float, signed, unsigned, boolean
  }

  /// What the bits mean.
  let kind: Kind
  /// The bytes of one number: 1, 2, 4 or 8.
  let size: Int
  /// Whether the most significant byte comes first.
  let isBigEndian: Bool

  /// Converts `count` stored numbers to float64, in which all but large 64-bit integers are exact.
  func convert(_ bytes: UnsafeRawPointer, count: Int, into numbers: UnsafeMutablePointer<Double>) {
    switch (kind, size) {
    case (.float, 2): each(bytes, count, numbers, UInt16.self) { Double(Float16(bitPattern: $0)) }
    case (.float, 4): each(bytes, count, numbers, UInt32.self) { Double(Float(bitPattern: $0)) }
    case (.float, _): each(bytes, count, numbers, UInt64.self) { Double(bitPattern: $0) }
    case (.signed, 1): each(bytes, count, numbers, UInt8.self) { Double(Int8(bitPattern: $0)) }
    case (.signed, 2): each(bytes, count, numbers, UInt16.self) { Double(Int16(bitPattern: $0)) }
    case (.signed, 4): each(bytes, count, numbers, UInt32.self) { Double(Int32(bitPattern: $0)) }
    case (.signed, _): each(bytes, count, numbers, UInt64.self) { Double(Int64(bitPattern: $0)) }
    case (.unsigned, 1): each(bytes, count, numbers, UInt8.self) { Double($0) }
    case (.unsigned, 2): each(bytes, count, numbers, UInt16.self) { Double($0) }
    case (.unsigned, 4): each(bytes, count, numbers, UInt32.self) { Double($0) }
    case (.unsigned, _): each(bytes, count, numbers, UInt64.self) { Double($0) }
    case (.boolean, _): each(bytes, count, numbers, UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  @inline(__always)
  private func each<T: FixedWidthInteger>(
    _ bytes: UnsafeRawPointer, _ count: Int, _ numbers: UnsafeMutablePointer<Double>, _ type: T.Type,
    _ body: (T) -> Double
  ) {
    for i in 0..<count {
      let bits = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
      numbers[i] = body(isBigEndian ? bits.bigEndian : bits.littleEndian)
    }
  }
}

extension ByteStream {
  /// Reads the array that a header describes, the whole rest of the stream, into rows: the first axis counts the rows, the
  /// others are flattened; one axis alone makes rows of one number.
  ///
  /// Nothing is allocated before the claimed size is compared with what the file can hold, and from then on memory grows
  /// with what was read.
  func table(shape: [Int], type: NumberType, isFortranOrder: Bool = false) throws -> SampleTable {
    let (rows, columns) = try flattened(shape: shape, file: file)
    let (numbers, tooMany) = rows.multipliedReportingOverflow(by: columns)
    let (size, tooLarge) = numbers.multipliedReportingOverflow(by: type.size)
    guard !tooMany, !tooLarge, size <= most else {
      throw SampleError.malformed(
        file: file, reason: "is cut off: its header says \(shape) numbers of \(type.size) bytes, more than it can hold")
    }
    if isFortranOrder, shape.count > 2 {
      throw SampleError.wrongShape(
        file: file, shape: shape, reason: "Fortran order is read for one and two axes only; save it in C order")
    }
    let table = try SampleTable(file: file, columns: columns, expecting: numbers, beside: 0)
    let piece = min(1 << 18, max(numbers, 1)), converted = UnsafeMutablePointer<Double>.allocate(capacity: piece)
    defer { converted.deallocate() }
    try withUnsafeTemporaryAllocation(byteCount: piece * type.size, alignment: 16) { buffer in
      var left = numbers
      while left > 0 {
        let count = min(left, piece)
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count * type.size])
        guard try read(into: part) == part.count, let start = part.baseAddress else {
          throw cutOff("its numbers (shape \(shape))")
        }
        type.convert(start, count: count, into: converted)
        try table.append(converted, count: count)
        left -= count
      }
    }
    try expectEnd()
    if isFortranOrder, columns > 1 { try table.transpose(rows: rows) }
    return table
  }
}

/// The rows and columns of an array: the first axis and the product of the others. No axis or no number is an error.
func flattened(shape: [Int], file: String) throws -> (rows: Int, columns: Int) {
  guard let rows = shape.first else {
    throw SampleError.wrongShape(file: file, shape: shape, reason: "it is a single number; rows of samples are needed")
  }
  guard shape.allSatisfy({ $0 > 0 }) else {
    throw SampleError.wrongShape(file: file, shape: shape, reason: "there are no samples in it")
  }
  var columns = 1
  for axis in shape.dropFirst() {
    let (product, overflow) = columns.multipliedReportingOverflow(by: axis)
    guard !overflow else {
      throw SampleError.malformed(file: file, reason: "its header says \(shape) numbers, more than it can hold")
    }
    columns = product
  }
  return (rows, columns)
}
