/// Where the chunks of a dataset are in its file (HDF5 file format specification, IV.A.2.i and VII).
struct ChunkIndex {
  /// A chunk: the row of its first element in every dimension, where its bytes are, how many, and which filters were left out.
  struct Chunk {
    let offset: [Int]
    let address: Int
    let bytes: Int
    let mask: UInt32
  }

  private(set) var chunks: [Chunk] = []
  let file: RawFile
  let isFiltered: Bool
  /// The shape of a chunk, and its bytes where no filter changes them.
  let chunk: [Int]
  let chunkBytes: Int
  /// The number of chunks along each dimension, at present and at most.
  let grid: [Int]
  let largestGrid: [Int?]

  /// Reads what follows the version and class of a layout message: the shape of chunks, and their index.
  static func read(_ cursor: inout Cursor, shape: [Int], largest: [Int?], isFiltered: Bool, of file: RawFile)
    -> (chunk: [Int], index: ChunkIndex)?
  {
    // Chunks at the edge that are not filtered (flag 1) go another way.
    guard let flags = cursor.int(1), flags & 1 == 0, let rank = cursor.int(1), rank == shape.count + 1,
      let bytes = cursor.int(1)
    else { return nil }
    var lengths: [Int] = [], product = 1
    for _ in 0..<rank {
      guard let length = cursor.int(bytes), length > 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      product = next
      lengths.append(length)
    }
    let chunk = Array(lengths.dropLast())
    var index = ChunkIndex(
      file: file, isFiltered: isFiltered, chunk: chunk, chunkBytes: product,
      grid: zip(shape, chunk).map { $0 / $1 + ($0 % $1 > 0 ? 1 : 0) },
      largestGrid: zip(largest, chunk).map { most, length in most.map { $0 / length + ($0 % length > 0 ? 1 : 0) } })
    guard let kind = cursor.int(1), index.fill(kind, hasSize: flags & 2 != 0, &cursor) else { return nil }
    return (chunk, index)
  }

  private init(
    file: RawFile, isFiltered: Bool, chunk: [Int], chunkBytes: Int, grid: [Int], largestGrid: [Int?]
  ) {
    self.file = file
    self.isFiltered = isFiltered
    self.chunk = chunk
    self.chunkBytes = chunkBytes
    self.grid = grid
    self.largestGrid = largestGrid
  }

  private mutating func fill(_ kind: Int, hasSize: Bool, _ cursor: inout Cursor) -> Bool {
    switch kind {
    case 1:
      var bytes = chunkBytes, mask: UInt64 = 0
      if hasSize {
        guard let size = cursor.int(8), let left = cursor.unsigned(4) else { return false }
        (bytes, mask) = (size, left)
      }
      guard let address = cursor.address() else { return false }
      guard let address else { return true }
      return add(grid.map { _ in 0 }, address, bytes, UInt32(truncatingIfNeeded: mask))
    case 3:
      guard let pageBits = cursor.int(1), let address = cursor.address() else { return false }
      return address.map { addFixedArray(at: $0, pageBits: pageBits) } ?? true
    case 4:
      guard cursor.take(5) != nil, let address = cursor.address() else { return false }
      return address.map { addExtensibleArray(at: $0) } ?? true
    case 5:
      guard cursor.take(6) != nil, let address = cursor.address() else { return false }
      return address.map { addTree(at: $0) } ?? true
    default: return false
    }
  }

  /// Adds a chunk by its place in the grid; one that lies outside of the shape, or twice, is none.
  mutating func add(_ place: [Int], _ address: Int, _ bytes: Int, _ mask: UInt32) -> Bool {
    guard place.count == grid.count, zip(place, grid).allSatisfy({ $0 < $1 }) else { return true }
    guard bytes > 0, isFiltered || bytes == chunkBytes, chunks.count <= file.size / 8 else { return false }
    chunks.append(Chunk(offset: zip(place, chunk).map { $0 * $1 }, address: address, bytes: bytes, mask: mask))
    return true
  }

  /// Adds the next entry of an array, whose place is its number.
  mutating func add(_ entry: inout Cursor, bytes: Int, number: Int) -> Bool {
    guard let address = entry.address() else { return false }
    var size = chunkBytes, mask: UInt64 = 0
    if isFiltered {
      guard let filtered = entry.int(bytes - 12), let left = entry.unsigned(4) else { return address == nil }
      (size, mask) = (filtered, left)
    }
    guard let address, let place = place(of: number) else { return true }
    return add(place, address, size, UInt32(truncatingIfNeeded: mask))
  }

  /// The bytes of an entry that this kind of array has; nil where the file says something else.
  func isEntry(_ bytes: Int) -> Bool { isFiltered ? (13...20).contains(bytes) : bytes == 8 }

  /// The place of a chunk by its number: the dimension without end runs slowest, the others in row order.
  private func place(of number: Int) -> [Int]? {
    var order = Array(grid.indices)
    if let endless = largestGrid.firstIndex(where: { $0 == nil }) {
      order.remove(at: endless)
      order.insert(endless, at: 0)
    }
    var place = [Int](repeating: 0, count: grid.count), rest = number
    for axis in order.reversed() {
      guard let length = largestGrid[axis] else {
        place[axis] = rest
        return place
      }
      guard length > 0 else { return nil }
      place[axis] = rest % length
      rest /= length
    }
    return rest == 0 ? place : nil
  }
}
