/// `.npy`, versions 1 to 3 (numpy.lib.format): a magic, the length of a header, the header, then the numbers.
enum NumPyArray: SampleFormat {
  static let name = ".npy (also .gz)"
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  static let content: FileContent? = .numPy

  static func recognises(name: String) -> Bool { name.hasSuffix(".npy") }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    try read(ByteStream.open(file))
  }

  /// Reads an array from a stream that holds nothing else.
  static func read(_ stream: ByteStream) throws -> SampleTable {
    let start = try stream.bytes(8, of: "its header")
    guard Array(start[0..<6]) == magic else {
      throw SampleError.malformed(file: stream.file, reason: "is not a NumPy array: it does not start with \\x93NUMPY")
    }
    guard (1...3).contains(start[6]) else {
      throw SampleError.malformed(
        file: stream.file, reason: "is of .npy version \(start[6]).\(start[7]); versions 1 to 3 are read")
    }
    let lengthBytes = try stream.bytes(start[6] == 1 ? 2 : 4, of: "its header")
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    // NumPy writes headers of a hundred bytes; its own limit for reading is 10000.
    guard length <= 1 << 16 else {
      throw SampleError.malformed(
        file: stream.file, reason: "has a .npy header of \(length) bytes, which is not plausible")
    }
    let header = try NumPyHeader(stream.bytes(length, of: "its header"), file: stream.file)
    return try stream.table(shape: header.shape, type: header.type, isFortranOrder: header.isFortranOrder)
  }
}
