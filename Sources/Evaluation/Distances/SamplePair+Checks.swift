import MessagePassing
import Numerics

extension SamplePair {
  /// Why there are no distances between samples of these sets, in words; nil where there are. `least` is the number of
  /// samples that each set needs.
  func obstacle(least: Int = 1) -> String? {
    if min(a.rows, b.rows) < least { return "needs \(least == 1 ? "a sample" : "\(least) samples") in each set" }
    // Squared distances and their sums over coordinates stay below the largest float32.
    let most = (1e38 / (4 * Float(max(a.columns, 1)))).squareRoot()
    let isInReach = [a, b].allSatisfy { $0.buffer.allSatisfy { abs($0) <= most } }
    return isInReach ? nil : "squared distances are no finite numbers of float32"
  }

  /// Throws a ``MemoryError`` where the ranks cannot hold tiles of these sets and some numbers for each sample. Collective.
  func requireMemoryForTiles() throws {
    let tiles = [a, b].reduce(0) { $0 + PairTiles.bytes(count: $1.rows, dimension: $1.columns) }
    try requireMemory(onEachRank: tiles + 80 * Double(a.rows + b.rows), for: "copies of the samples on every rank")
  }

  /// Throws a ``MemoryError`` where the ranks cannot have so many bytes each. Collective.
  func requireMemory(onEachRank bytes: Double, for what: String) throws {
    try NodeMemory.require(
      onEachRank: bytes, once: 0, for: what, advice: "use fewer ranks a node or fewer samples", on: communicator)
  }
}

extension Quantity {
  /// Numbers that are missing for one reason.
  static func missing(_ names: [String], _ reason: String) -> [Quantity] {
    names.map { Quantity($0, nil, remark: reason) }
  }

  /// A squared distance, in the squared unit of the samples, and its root, as `NAME` and `NAME_squared`.
  static func distance(_ name: String, squared value: Double, of pair: SamplePair, remark: String? = nil) -> [Quantity]
  {
    let squared = value * pair.unit * pair.unit
    return [Quantity(name, max(squared, 0).squareRoot(), remark: remark), Quantity("\(name)_squared", squared)]
  }
}
