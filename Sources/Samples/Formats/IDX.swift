/// IDX, the format of MNIST: two zero bytes, a type, the number of axes, their lengths, then big-endian numbers.
enum IDX: SampleFormat {
  static let name = "IDX (also .gz)"

  static func recognises(name: String) -> Bool { name.hasSuffix(".idx") }

  static func recognises(head: [UInt8]) -> Bool {
    head.count == 4 && head[0] == 0 && head[1] == 0 && type(code: head[2]) != nil && head[3] > 0
  }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    let stream = try ByteStream.open(file)
    let magic = try stream.bytes(4, of: "its header")
    guard magic[0] == 0, magic[1] == 0, let type = type(code: magic[2]) else {
      throw SampleError.malformed(file: file, reason: "is not an IDX file: it starts with \(magic)")
    }
    let lengths = try stream.bytes(4 * Int(magic[3]), of: "its header")
    let shape = (0..<Int(magic[3])).map { axis in
      lengths[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return try stream.table(shape: shape, type: type)
  }

  private static func type(code: UInt8) -> NumberType? {
    switch code {
    case 0x08: NumberType(kind: .unsigned, size: 1, isBigEndian: true)
    case 0x09: NumberType(kind: .signed, size: 1, isBigEndian: true)
    case 0x0B: NumberType(kind: .signed, size: 2, isBigEndian: true)
    case 0x0C: NumberType(kind: .signed, size: 4, isBigEndian: true)
    case 0x0D: NumberType(kind: .float, size: 4, isBigEndian: true)
    case 0x0E: NumberType(kind: .float, size: 8, isBigEndian: true)
    default: nil
    }
  }
}
