/// The messages of an object's header, version 2 (HDF5 file format specification, IV.A.1.b), which new versions write.
struct ObjectHeader {
  /// Kinds of messages by their numbers.
  enum Kind: Int {
    case dataspace = 1, datatype = 3, fillValue = 5, layout = 8, filters = 11, continuation = 16
  }

  /// The first message of each kind.
  private(set) var messages: [Kind: [UInt8]] = [:]

  /// Reads a header; nil where it is of another version, damaged, or has a part that is shared with other objects.
  init?(at address: Int, of file: RawFile) {
    guard var head = file.cursor(at: address, count: 6, signature: "OHDR"), head.int(1) == 2, let flags = head.int(1)
    else { return nil }
    let skipped = (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0), sizeBytes = 1 << (flags & 3)
    guard var length = file.cursor(at: address + 6 + skipped, count: sizeBytes), let size = length.int(sizeBytes) else {
      return nil
    }
    let start = 6 + skipped + sizeBytes
    guard size <= file.size, var first = file.checked(at: address, count: start + size, signature: "OHDR"),
      first.take(start - 4) != nil
    else { return nil }
    var blocks = [first], next = 0
    while next < blocks.count, next < 100 {
      guard let continued = add(&blocks[next], hasOrder: flags & 4 != 0) else { return nil }
      for block in continued {
        guard block.size >= 8, let more = file.checked(at: block.address, count: block.size - 4, signature: "OCHK")
        else {
          return nil
        }
        blocks.append(more)
      }
      next += 1
    }
  }

  /// Adds the messages of a block, and gives the blocks in which more of them are.
  private mutating func add(_ cursor: inout Cursor, hasOrder: Bool) -> [(address: Int, size: Int)]? {
    var continued: [(address: Int, size: Int)] = []
    let headBytes = hasOrder ? 6 : 4
    while cursor.left >= headBytes {
      guard let number = cursor.int(1), let size = cursor.int(2), let flags = cursor.int(1),
        cursor.take(headBytes - 4) != nil, let content = cursor.take(size)
      else { return nil }
      guard let kind = Kind(rawValue: number) else { continue }
      guard flags & 2 == 0 else { return nil }
      if kind == .continuation {
        var place = Cursor(content)
        guard let address = place.int(8), let size = place.int(8) else { return nil }
        continued.append((address, size))
      } else if messages[kind] == nil {
        messages[kind] = content
      }
    }
    return continued
  }
}
