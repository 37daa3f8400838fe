/// A part of a virtual dataset, and whose numbers it shows (HDF5 file format specification, VII.C.5, VIII).
struct VirtualPart {
  let file: String
  let dataset: String
  let source: Selection
  let target: Selection

  /// A selection of elements.
  enum Selection {
    case all
    /// Blocks in equal distances; nil stands for no end.
    case regular(start: [Int], stride: [Int], count: [Int?], block: [Int?])
    /// Corners of blocks, the last one in the block.
    case blocks([(start: [Int], end: [Int])])
  }

  /// Reads the parts to which a layout message leads, from where its version and class end.
  static func read(_ layout: inout Cursor, of file: RawFile) -> [VirtualPart]? {
    guard let address = layout.address(), let address, let index = layout.int(4),
      var heap = object(index, at: address, of: file), let version = heap.int(1), version <= 1,
      let count = heap.int(8), count <= heap.left
    else { return nil }
    var parts: [VirtualPart] = []
    for _ in 0..<count {
      guard let (name, dataset) = names(&heap, version: version, before: parts), let source = selection(&heap),
        let target = selection(&heap)
      else { return nil }
      parts.append(VirtualPart(file: name, dataset: dataset, source: source, target: target))
    }
    return parts
  }

  /// The names of a part. In version 1 they may be those of a part before, given by its number, and that of the file itself
  /// is left out.
  private static func names(_ heap: inout Cursor, version: Int, before parts: [VirtualPart]) -> (String, String)? {
    let flags = version == 0 ? 0 : heap.int(1) ?? 8
    guard flags < 8 else { return nil }
    func shared(_ heap: inout Cursor) -> VirtualPart? {
      heap.int(8).flatMap { $0 < parts.count ? parts[$0] : nil }
    }
    let file = flags & 4 != 0 ? "." : flags & 1 != 0 ? shared(&heap)?.file : heap.text()
    guard let file, let dataset = flags & 2 != 0 ? shared(&heap)?.dataset : heap.text() else { return nil }
    return (file, dataset)
  }

  /// An object of a global heap that has a checksum.
  private static func object(_ index: Int, at address: Int, of file: RawFile) -> Cursor? {
    guard var head = file.cursor(at: address, count: 16, signature: "GCOL"), head.int(1) == 1, head.take(3) != nil,
      let size = head.int(8), size >= 16, var heap = file.cursor(at: address + 16, count: size - 16)
    else { return nil }
    while heap.left >= 16 {
      guard let number = heap.int(2), heap.take(6) != nil, let bytes = heap.int(8), number > 0,
        let content = heap.take(bytes)
      else { return nil }
      if number == index {
        // Behind it stands its checksum.
        guard bytes >= 4 else { return nil }
        var end = Cursor(Array(content[(bytes - 4)...]))
        let part = content[..<(bytes - 4)]
        return end.unsigned(4) == UInt64(metadataChecksum(part)) ? Cursor(Array(part)) : nil
      }
      _ = heap.take((8 - bytes % 8) % 8)
    }
    return nil
  }

  private static func selection(_ cursor: inout Cursor) -> Selection? {
    guard let kind = cursor.int(4), let version = cursor.int(4) else { return nil }
    switch (kind, version) {
    case (3, 1): return cursor.take(8) == nil ? nil : .all
    case (2, 1):
      guard cursor.take(8) != nil, let rank = rank(&cursor), let count = cursor.int(4) else { return nil }
      return blocks(&cursor, rank, count, bytes: 4)
    case (2, 2):
      guard let flags = cursor.int(1), flags & 1 == 1, cursor.take(4) != nil, let rank = rank(&cursor) else {
        return nil
      }
      return regular(&cursor, rank, bytes: 8)
    case (2, 3):
      guard let flags = cursor.int(1), let bytes = cursor.int(1), [2, 4, 8].contains(bytes), let rank = rank(&cursor)
      else {
        return nil
      }
      if flags & 1 == 1 { return regular(&cursor, rank, bytes: bytes) }
      guard let count = cursor.int(bytes) else { return nil }
      return blocks(&cursor, rank, count, bytes: bytes)
    default: return nil
    }
  }

  private static func rank(_ cursor: inout Cursor) -> Int? {
    cursor.int(4).flatMap { (1...32).contains($0) ? $0 : nil }
  }

  private static func regular(_ cursor: inout Cursor, _ rank: Int, bytes: Int) -> Selection? {
    let endless = bytes == 8 ? UInt64.max : 1 << UInt64(8 * bytes) - 1
    var start: [Int] = [], stride: [Int] = [], count: [Int?] = [], block: [Int?] = []
    for _ in 0..<rank {
      guard let first = cursor.int(bytes), let step = cursor.int(bytes), let times = cursor.unsigned(bytes),
        let length = cursor.unsigned(bytes)
      else { return nil }
      start.append(first)
      stride.append(step)
      count.append(times == endless ? nil : Int(exactly: times))
      block.append(length == endless ? nil : Int(exactly: length))
    }
    return .regular(start: start, stride: stride, count: count, block: block)
  }

  private static func blocks(_ cursor: inout Cursor, _ rank: Int, _ count: Int, bytes: Int) -> Selection? {
    guard count <= cursor.left else { return nil }
    var result: [(start: [Int], end: [Int])] = []
    for _ in 0..<count {
      var corners: [Int] = []
      for _ in 0..<2 * rank {
        guard let corner = cursor.int(bytes) else { return nil }
        corners.append(corner)
      }
      let start = Array(corners[..<rank]), end = Array(corners[rank...])
      guard zip(start, end).allSatisfy({ $0 <= $1 }) else { return nil }
      result.append((start, end))
    }
    return .blocks(result)
  }
}
