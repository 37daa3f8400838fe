extension ChunkIndex {
  /// The sizes of nodes of a tree, by their height above the leaves.
  private struct Tree {
    let record: Int
    /// The bytes that the number of records of a child has, and of all records below it.
    let countBytes: [Int]
    let totalBytes: [Int]
  }

  /// A B-tree of version 2.
  mutating func addTree(at address: Int) -> Bool {
    guard var head = file.checked(at: address, count: 34, signature: "BTHD"), head.int(1) == 0,
      head.int(1) == (isFiltered ? 11 : 10), let node = head.int(4), let record = head.int(2), let depth = head.int(2),
      depth < 16, head.take(2) != nil, let root = head.address(), let count = head.int(2)
    else { return false }
    let coordinates = 8 * grid.count
    guard isFiltered ? (13...20).contains(record - coordinates) : record == 8 + coordinates, node >= 10 + record else {
      return false
    }
    guard let root else { return true }
    let most = (node - 10) / record, countBytes = Self.bytes(for: most)
    var totals = [0], total = most
    for _ in 0..<depth {
      let pointer = 8 + countBytes + (totals.last ?? 0)
      let records = (node - 10 - pointer) / (record + pointer)
      let (product, overflow) = (records + 1).multipliedReportingOverflow(by: total)
      guard records > 0, !overflow, product <= Int.max / 2 else { return false }
      total = product + records
      totals.append(Self.bytes(for: total))
    }
    let tree = Tree(
      record: record, countBytes: totals.map { _ in countBytes }, totalBytes: totals)
    var nodes = 0
    return addNode(at: root, count, height: depth, of: tree, nodes: &nodes)
  }

  private static func bytes(for count: Int) -> Int { (Int.bitWidth - 1 - max(count, 1).leadingZeroBitCount) / 8 + 1 }

  private mutating func addNode(at address: Int, _ count: Int, height: Int, of tree: Tree, nodes: inout Int) -> Bool {
    nodes += 1
    // No node is there twice.
    let pointer = height == 0 ? 0 : 8 + tree.countBytes[height - 1] + tree.totalBytes[height - 1]
    guard nodes <= file.size / 10, count <= file.size / (tree.record + pointer),
      var records = file.checked(
        at: address, count: 6 + count * tree.record + (height == 0 ? 0 : (count + 1) * pointer),
        signature: height == 0 ? "BTLF" : "BTIN"), records.take(2) != nil
    else { return false }
    for _ in 0..<count {
      guard let place = records.address() else { return false }
      var size = chunkBytes, mask: UInt64 = 0
      if isFiltered {
        let bytes = tree.record - 12 - 8 * grid.count
        guard let filtered = records.int(bytes), let left = records.unsigned(4) else { return false }
        (size, mask) = (filtered, left)
      }
      var coordinates: [Int] = []
      for _ in grid {
        guard let coordinate = records.int(8) else { return false }
        coordinates.append(coordinate)
      }
      guard let place, add(coordinates, place, size, UInt32(truncatingIfNeeded: mask)) else { return false }
    }
    guard height > 0 else { return true }
    for _ in 0...count {
      guard let child = records.address(), let child, let inChild = records.int(tree.countBytes[height - 1]),
        tree.totalBytes[height - 1] == 0 || records.take(tree.totalBytes[height - 1]) != nil,
        addNode(at: child, inChild, height: height - 1, of: tree, nodes: &nodes)
      else { return false }
    }
    return true
  }
}
