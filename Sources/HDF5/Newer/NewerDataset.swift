import CHDF5

/// A dataset as its header describes it, read without the library: it refuses the whole of what has one part of a version
/// that it does not know, although the numbers themselves are stored as ever.
struct NewerDataset {
  /// Where its numbers are.
  enum Layout {
    case chunks(ChunkIndex)
    case virtual([VirtualPart])
  }

  /// A filter with its number, flags and values.
  struct Filter {
    let number: Int
    let flags: Int
    let name: String
    let values: [UInt32]
  }

  let shape: [Int]
  /// The lengths that dimensions can grow to; nil where there is no end.
  let largestShape: [Int?]
  /// The message that describes the elements, in a version that every library knows.
  let type: [UInt8]
  let filters: [Filter]
  /// The bytes of the fill value; nil where it is not given.
  let fill: [UInt8]?
  /// The shape of a chunk, and the bytes of an element; empty for virtual datasets.
  let chunk: [Int]
  let layout: Layout

  /// Nil where something else than the kind of layout or of elements is new, or the file is damaged.
  init?(at address: Int, of file: RawFile) {
    guard let header = ObjectHeader(at: address, of: file), let space = header.messages[.dataspace],
      let (shape, largest) = Self.dataspace(space), let type = header.messages[.datatype].flatMap(Self.datatype),
      let filters = Self.filters(header.messages[.filters]), let layout = header.messages[.layout]
    else { return nil }
    self.shape = shape
    largestShape = largest
    self.type = type
    self.filters = filters
    fill = Self.fill(header.messages[.fillValue])
    var cursor = Cursor(layout)
    guard let version = cursor.int(1), (4...5).contains(version), let kind = cursor.int(1) else { return nil }
    switch kind {
    case 2:
      guard
        let (chunk, index) = ChunkIndex.read(
          &cursor, shape: shape, largest: largest, isFiltered: !filters.isEmpty, of: file)
      else { return nil }
      self.chunk = chunk
      self.layout = .chunks(index)
    case 3:
      guard let parts = VirtualPart.read(&cursor, of: file) else { return nil }
      chunk = []
      self.layout = .virtual(parts)
    default: return nil
    }
  }

  private static func dataspace(_ message: [UInt8]) -> (shape: [Int], largest: [Int?])? {
    var cursor = Cursor(message)
    guard cursor.int(1) == 2, let rank = cursor.int(1), (1...32).contains(rank), let flags = cursor.int(1),
      cursor.int(1) == 1
    else { return nil }
    var shape: [Int] = [], largest: [Int?] = []
    for _ in 0..<rank {
      guard let length = cursor.int(8) else { return nil }
      shape.append(length)
    }
    guard flags & 1 != 0 else { return (shape, shape) }
    for length in shape {
      guard let value = cursor.unsigned(8) else { return nil }
      let most = value == .max ? nil : Int(exactly: value)
      guard value == .max || most.map({ $0 >= length }) == true else { return nil }
      largest.append(most)
    }
    return (shape, largest)
  }

  /// Numbers, texts and enumerations of them, whose description is the same since version 3.
  private static func datatype(_ message: [UInt8]) -> [UInt8]? {
    func lowered(_ byte: UInt8) -> UInt8 { byte >> 4 > 3 ? 0x30 | byte & 0x0F : byte }
    var result = message
    guard message.count >= 8 else { return nil }
    switch message[0] & 0x0F {
    case 0, 1, 3, 4: break
    case 8:
      // The library reads as many names and values as are said, whatever the length of the message.
      let names = Int(message[1]) | Int(message[2]) << 8, bytes = Int(message[4])
      guard message.count >= 20, message[8] & 0x0F == 0, message[0] >> 4 >= 3, message[5...7].allSatisfy({ $0 == 0 }),
        bytes <= 8, names * (bytes + 2) <= message.count - 20
      else { return nil }
      result[8] = lowered(message[8])
    default: return nil
    }
    result[0] = lowered(message[0])
    return result
  }

  private static func filters(_ message: [UInt8]?) -> [Filter]? {
    guard let message else { return [] }
    var cursor = Cursor(message), result: [Filter] = []
    guard cursor.int(1) == 2, let count = cursor.int(1) else { return nil }
    for _ in 0..<count {
      guard let number = cursor.int(2) else { return nil }
      var nameBytes = 0
      if number >= 256 {
        guard let length = cursor.int(2) else { return nil }
        nameBytes = length
      }
      guard let flags = cursor.int(2), let values = cursor.int(2), let name = cursor.take(nameBytes) else { return nil }
      var numbers: [UInt32] = []
      for _ in 0..<values {
        guard let value = cursor.unsigned(4) else { return nil }
        numbers.append(UInt32(truncatingIfNeeded: value))
      }
      let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      result.append(Filter(number: number, flags: flags, name: text, values: numbers))
    }
    return result
  }

  private static func fill(_ message: [UInt8]?) -> [UInt8]? {
    guard let message else { return nil }
    var cursor = Cursor(message)
    guard cursor.int(1) == 3, let flags = cursor.int(1), flags & 0x20 != 0, let size = cursor.int(4) else { return nil }
    return cursor.take(size)
  }
}
