import MessagePassing
import Samples

/// The classes of all rows, where each class is a flow of its own.
struct RowClasses {
  /// The classes, ascending.
  let names: [String]
  /// The class of each target, of each particle by source, and of each row that is carried along.
  private(set) var target: [Int32]
  private(set) var sources: [[Int32]]
  private(set) var generated: [Int32]?

  /// The classes of labelled sets; nil where the deck, or a side without labels, makes one flow of all rows. Throws a
  /// ``ClassError``.
  init?(_ data: OpenData, _ deck: Deck) throws {
    let target = data.target.labels, sources = data.sources.map(\.labels)
    guard deck.classes != .ignored else { return nil }
    let unlabelled =
      target == nil
      ? "target" : sources.firstIndex { $0 == nil }.map { sources.count > 1 ? "source \($0 + 1)" : "source" }
    if let unlabelled {
      guard deck.classes == nil else { throw ClassError.noLabels(set: unlabelled) }
      return nil
    }
    let generated = data.generated?.labels
    if data.generated != nil, generated == nil { throw ClassError.noLabels(set: "generated") }
    let targets = Set(target ?? [])
    names = targets.sorted()
    for (index, labels) in sources.enumerated() {
      let set = sources.count > 1 ? "source \(index + 1)" : "source"
      try Self.requireSame(targets, Set(labels ?? []), set: set, isWhole: sources.count == 1)
    }
    if let generated { try Self.requireSame(targets, Set(generated), set: "generated", isWhole: false) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, Int32(0)...))
    func indices(_ labels: [String]?) -> [Int32] { (labels ?? []).compactMap { places[$0] } }
    self.target = indices(target)
    self.sources = sources.map(indices)
    self.generated = generated.map(indices)
  }

  private static func requireSame(_ targets: Set<String>, _ others: Set<String>, set: String, isWhole: Bool) throws {
    if let absent = others.subtracting(targets).sorted().first {
      throw ClassError.absent(name: absent, in: "target", from: set, known: targets.sorted())
    }
    if isWhole, let absent = targets.subtracting(others).sorted().first {
      throw ClassError.absent(name: absent, in: set, from: "target", known: others.sorted())
    }
  }

  /// The root's, on all ranks, for sets of these sizes. Collective.
  static func ofRoot(_ found: RowClasses?, _ data: OpenData, on communicator: Communicator) throws -> RowClasses? {
    let count = try communicator.broadcast(found?.names.count ?? 0, from: 0)
    guard count > 0 else { return nil }
    func shared(_ own: [Int32]?, _ count: Int) throws -> [Int32] {
      var values = own ?? [Int32](repeating: 0, count: count)
      try values.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
      return values
    }
    return RowClasses(
      names: try (0..<count).map { try communicator.broadcast(found?.names[$0] ?? "", from: 0) },
      target: try shared(found?.target, data.target.count),
      sources: try data.sources.enumerated().map { try shared(found?.sources[$0], $1.count) },
      generated: try data.generated.map { try shared(found?.generated, $0.count) })
  }

  private init(names: [String], target: [Int32], sources: [[Int32]], generated: [Int32]?) {
    self.names = names
    self.target = target
    self.sources = sources
    self.generated = generated
  }

  /// The rows of a class.
  static func rows(of index: Int, in classes: [Int32]) -> [Int] {
    classes.indices.filter { classes[$0] == Int32(index) }
  }

  /// Keeps these targets alone.
  mutating func keep(targets: [Int]) { target = targets.map { target[$0] } }
}
