import MessagePassing
import Samples

/// The classes of all rows, where each class is a flow or an output of its own.
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
    guard deck.classes != .ignored else { return nil }
    let handling = deck.classes ?? .separate, target = data.target.labels
    let targets = Set(target ?? []), names = Self.ordered(targets)
    func labels(_ table: SharedTable) -> [String]? {
      guard handling == .conditional, table.isDrawn, table.labels == nil, let target else { return table.labels }
      return Self.dealt(target, to: table.count, names)
    }
    let sources = data.sources.map(labels)
    let unlabelled =
      target == nil
      ? "target" : sources.firstIndex { $0 == nil }.map { sources.count > 1 ? "source \($0 + 1)" : "source" }
    if let unlabelled {
      guard deck.classes == nil else { throw ClassError.noLabels(set: unlabelled, handling: handling) }
      return nil
    }
    let generated = data.generated.flatMap(labels)
    if data.generated != nil, generated == nil { throw ClassError.noLabels(set: "generated", handling: handling) }
    self.names = names
    for (index, labels) in sources.enumerated() {
      let set = sources.count > 1 ? "source \(index + 1)" : "source"
      try Self.requireSame(targets, Set(labels ?? []), set: set, isWhole: sources.count == 1, handling)
    }
    if let generated { try Self.requireSame(targets, Set(generated), set: "generated", isWhole: false, handling) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, Int32(0)...))
    func indices(_ labels: [String]?) -> [Int32] { (labels ?? []).compactMap { places[$0] } }
    self.target = indices(target)
    self.sources = sources.map(indices)
    self.generated = generated.map(indices)
  }

  /// Names in the order of numbers where all are whole numbers.
  static func ordered(_ names: Set<String>) -> [String] {
    let numbers = names.map { Int($0) }
    guard numbers.allSatisfy({ $0 != nil }) else { return names.sorted() }
    return names.sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
  }

  /// Labels for rows that a sampler draws, in the shares of the target's at every count: row i gets the class in whose part of
  /// the unit interval the fraction of (i + 1/2) golden ratios lies.
  private static func dealt(_ target: [String], to count: Int, _ names: [String]) -> [String] {
    var ends: [Double] = [], sum = 0
    for name in names {
      sum += target.count { $0 == name }
      ends.append(Double(sum) / Double(target.count))
    }
    return (0..<count).map { row in
      let place = (Double(row) + 0.5) * 0.6180339887498949
      return names[ends.firstIndex { place - place.rounded(.down) < $0 } ?? names.count - 1]
    }
  }

  private static func requireSame(
    _ targets: Set<String>, _ others: Set<String>, set: String, isWhole: Bool, _ handling: ClassHandling
  ) throws {
    if let absent = others.subtracting(targets).sorted().first {
      throw ClassError.absent(name: absent, in: "target", from: set, known: ordered(targets), handling: handling)
    }
    if isWhole, let absent = targets.subtracting(others).sorted().first {
      throw ClassError.absent(name: absent, in: set, from: "target", known: ordered(others), handling: handling)
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
