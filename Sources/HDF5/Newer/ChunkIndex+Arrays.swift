extension ChunkIndex {
  /// A fixed array: one block of entries, or pages of them.
  mutating func addFixedArray(at address: Int, pageBits: Int) -> Bool {
    guard var head = file.checked(at: address, count: 24, signature: "FAHD"), head.int(1) == 0,
      head.int(1) == (isFiltered ? 1 : 0), let bytes = head.int(1), isEntry(bytes), let bits = head.int(1),
      bits == pageBits, (1..<32).contains(bits), let count = head.int(8), let block = head.address()
    else { return false }
    guard let block else { return true }
    let page = 1 << bits, pages = count <= page ? 0 : (count - 1) / page + 1
    guard count <= file.size / bytes else { return false }
    guard pages > 0 else {
      var entries = file.checked(at: block, count: 14 + count * bytes, signature: "FADB")
      return entries?.take(10) != nil && addEntries(from: &entries, count, bytes: bytes, first: 0)
    }
    let bitmap = (pages + 7) / 8
    guard let start = file.checked(at: block, count: 14 + bitmap, signature: "FADB") else { return false }
    // The prefix has a checksum of its own, and each page one behind it.
    var place = block + 14 + bitmap + 4
    for index in 0..<pages {
      let first = index * page, entries = min(page, count - first)
      if start.bytes[14 + index / 8] & (0x80 >> UInt8(index % 8)) != 0 {
        guard addPage(at: place, entries, bytes: bytes, first: first) else { return false }
      }
      place += entries * bytes + 4
    }
    return true
  }

  /// Adds the entries of a page.
  private mutating func addPage(at address: Int, _ count: Int, bytes: Int, first: Int) -> Bool {
    guard count <= file.size / bytes else { return false }
    var entries = file.checked(at: address, count: count * bytes)
    return addEntries(from: &entries, count, bytes: bytes, first: first)
  }

  /// Adds entries that stand one behind the other.
  private mutating func addEntries(from cursor: inout Cursor?, _ count: Int, bytes: Int, first: Int) -> Bool {
    guard var entries = cursor else { return false }
    for index in 0..<count {
      guard add(&entries, bytes: bytes, number: first + index) else { return false }
    }
    cursor = entries
    return true
  }

  /// What the header of an extensible array says.
  private struct Extensible {
    let bytes: Int
    let inIndex: Int
    let smallest: Int
    let pointers: Int
    let page: Int
    let offsetBytes: Int
    let superBlocks: Int
    let largest: Int
  }

  /// An extensible array: entries in the index block, then in data blocks that become larger, of which super blocks hold the
  /// addresses.
  mutating func addExtensibleArray(at address: Int) -> Bool {
    guard var head = file.checked(at: address, count: 68, signature: "EAHD"), head.int(1) == 0,
      head.int(1) == (isFiltered ? 1 : 0), let bytes = head.int(1), isEntry(bytes), let bits = head.int(1),
      let inIndex = head.int(1), let smallest = head.int(1), let pointers = head.int(1), let pageBits = head.int(1),
      (1...48).contains(bits), (1..<31).contains(pageBits), Self.isPower(smallest), Self.isPower(pointers),
      head.take(32) != nil, let largest = head.int(8), head.take(8) != nil, let block = head.address()
    else { return false }
    guard let block else { return true }
    let array = Extensible(
      bytes: bytes, inIndex: inIndex, smallest: smallest, pointers: pointers, page: 1 << pageBits,
      offsetBytes: (bits + 7) / 8, superBlocks: 1 + bits - smallest.trailingZeroBitCount, largest: largest)
    return addIndexBlock(at: block, of: array)
  }

  private static func isPower(_ number: Int) -> Bool { number > 0 && number & (number - 1) == 0 }

  private mutating func addIndexBlock(at address: Int, of array: Extensible) -> Bool {
    let inBlock = 2 * array.pointers.trailingZeroBitCount, dataBlocks = 2 * (array.pointers - 1)
    let superBlocks = array.superBlocks - inBlock
    var entries = file.checked(
      at: address, count: 14 + array.inIndex * array.bytes + 8 * (dataBlocks + max(superBlocks, 0)), signature: "EAIB")
    guard superBlocks >= 0, entries?.take(10) != nil,
      addEntries(from: &entries, array.inIndex, bytes: array.bytes, first: 0), var addresses = entries
    else { return false }
    var first = array.inIndex
    for level in 0..<array.superBlocks where first < array.largest {
      let blocks = 1 << (level / 2), entries = (1 << ((level + 1) / 2)) * array.smallest
      if level < inBlock {
        for _ in 0..<blocks {
          guard let block = addresses.address(), addDataBlock(at: block, entries, first: first, of: array, written: nil)
          else { return false }
          first += entries
        }
      } else {
        guard let block = addresses.address(), addSuperBlock(at: block, blocks, entries, first: first, of: array) else {
          return false
        }
        first += blocks * entries
      }
    }
    return true
  }

  private mutating func addSuperBlock(at address: Int?, _ blocks: Int, _ entries: Int, first: Int, of array: Extensible)
    -> Bool
  {
    guard let address else { return true }
    let pages = entries > array.page ? entries / array.page : 0, bitmap = (pages + 7) / 8
    let head = 14 + array.offsetBytes
    guard blocks <= file.size / (8 + bitmap),
      var addresses = file.checked(at: address, count: head + blocks * (bitmap + 8), signature: "EASB"),
      addresses.take(head - 4 + blocks * bitmap) != nil
    else { return false }
    for index in 0..<blocks where first + index * entries < array.largest {
      let written = Array(addresses.bytes[head + index * bitmap..<head + (index + 1) * bitmap])
      guard let block = addresses.address(),
        addDataBlock(at: block, entries, first: first + index * entries, of: array, written: written)
      else { return false }
    }
    return true
  }

  private mutating func addDataBlock(
    at address: Int?, _ entries: Int, first: Int, of array: Extensible, written: [UInt8]?
  ) -> Bool {
    guard let address else { return true }
    let head = 14 + array.offsetBytes
    guard entries <= file.size / array.bytes else { return false }
    guard entries > array.page else {
      var block = file.checked(at: address, count: head + entries * array.bytes, signature: "EADB")
      return block?.take(head - 4) != nil && addEntries(from: &block, entries, bytes: array.bytes, first: first)
    }
    guard file.checked(at: address, count: head, signature: "EADB") != nil else { return false }
    for index in 0..<entries / array.page {
      if let written, written[index / 8] & (0x80 >> UInt8(index % 8)) == 0 { continue }
      let place = address + head + 4 + index * (array.page * array.bytes + 4)
      guard addPage(at: place, array.page, bytes: array.bytes, first: first + index * array.page) else { return false }
    }
    return true
  }
}
