import MessagePassing
import Parameters
import Samples
import Storage
import Transforms

/// The sample sets of a deck, open and of the same columns.
struct OpenData {
  /// The target, the source and what is carried along, and then the further sources.
  var tables: [(set: String, table: SharedTable)]
  /// The rows of the target that are kept back.
  private(set) var heldOut: SharedTable?
  /// How columns were matched by name; nil where they are taken by number.
  let columns: ColumnMatch?
  /// The classes of the rows, where each is a flow or an output of its own.
  private(set) var classes: RowClasses?
  /// The labels of one flow's rows, where its network has an output for each class.
  private(set) var outputs: OutputLabels?
  /// What took the rows of files to the space of the flow.
  private(set) var transforms = FittedTransforms.none
  /// The class of all rows, where they are those of one; empty elsewhere.
  let label: String
  /// Whether the rows are those of one flow of several.
  let isPart: Bool
  private let hasGenerated: Bool

  /// Opens all sets of a deck whose relative paths start in `folder`. Collective; an error of the input is thrown on all
  /// ranks alike.
  ///
  /// Transforms are fitted to the rows, or are `fitted` already.
  init(
    _ deck: Deck, folder: String, transforms fitted: FittedTransforms? = nil, on communicator: Communicator
  ) throws {
    hasGenerated = deck.generated != nil
    label = ""
    isPart = false
    tables = try Self.sets(of: deck).map { name, source, role in
      (name, try source.open(role: role, seed: UInt64(deck.seed), folder: folder, on: communicator))
    }
    columns = try ColumnMatch.match(&tables, on: communicator)
    try communicator.together { [self] in try requireOneDimension(isTransformed: deck.transform.isEmpty) }
    var found: RowClasses?
    try communicator.onRoot { [self] () throws -> Void in found = try RowClasses(self, deck) }
    classes = try RowClasses.ofRoot(found, self, on: communicator)
    try communicator.together { try keepBack(deck) }
    guard !deck.transform.isEmpty else { return }
    try replace { tables, count in
      guard let fitted else {
        return try FittedTransforms.fit(deck.transform, &tables, fitting: count, on: communicator)
      }
      for index in tables.indices {
        tables[index].table = try fitted.apply(to: tables[index].table, role: tables[index].role, on: communicator)
      }
      return fitted
    }
    try communicator.together { [self] in try requireOneDimension(isTransformed: true) }
  }

  /// The same in one process without MPI.
  init(_ deck: Deck, folder: String) throws {
    hasGenerated = deck.generated != nil
    label = ""
    isPart = false
    tables = try Self.sets(of: deck).map { name, source, role in
      (name, try source.open(role: role, seed: UInt64(deck.seed), folder: folder))
    }
    columns = try ColumnMatch.match(&tables)
    try requireOneDimension(isTransformed: deck.transform.isEmpty)
    classes = try RowClasses(self, deck)
    try keepBack(deck)
    guard !deck.transform.isEmpty else { return }
    try replace { try FittedTransforms.fit(deck.transform, &$0, fitting: $1) }
    try requireOneDimension(isTransformed: true)
  }

  /// Puts transformed tables in the place of all; those that transforms are fitted to come first, `count` of them.
  private mutating func replace(
    by body: (_ tables: inout [FittedTransforms.Table], _ count: Int) throws -> FittedTransforms
  ) throws {
    let fitting = tables.indices.filter { !(hasGenerated && $0 == 2) }
    let order = fitting + (hasGenerated ? [2] : [])
    var list: [FittedTransforms.Table] = order.map { ($0 == 0 ? .target : .source, tables[$0].table) }
    if let heldOut { list.append((.target, heldOut)) }
    transforms = try body(&list, fitting.count)
    for (place, index) in order.enumerated() { tables[index].table = list[place].table }
    if heldOut != nil { heldOut = list[order.count].table }
  }

  /// A part of other data: these tables, in their order.
  init(
    partOf whole: OpenData, _ tables: [(set: String, table: SharedTable)], heldOut: SharedTable?, label: String,
    outputs: OutputLabels?
  ) {
    self.label = label
    self.outputs = outputs
    isPart = (whole.classes != nil && outputs == nil) || whole.sources.count > 1
    self.tables = tables
    self.heldOut = heldOut
    columns = whole.columns
    classes = nil
    hasGenerated = tables.count > 2
    transforms = whole.transforms
  }

  /// The target samples that are learned from.
  var target: SharedTable { tables[0].table }
  /// What is carried along.
  var generated: SharedTable? { hasGenerated ? tables[2].table : nil }
  /// The sources, in the deck's order.
  var sources: [SharedTable] { [tables[1].table] + tables.dropFirst(hasGenerated ? 3 : 2).map(\.table) }

  /// Parts the target, or each of its classes, into what is learned from and what is held out, by random numbers of the
  /// deck's seed.
  private mutating func keepBack(_ deck: Deck) throws {
    guard deck.stop.heldOut != nil || deck.crossValidation != nil else { return }
    let target = tables[0].table
    let groups =
      classes.map { classes in classes.names.indices.map { RowClasses.rows(of: $0, in: classes.target) } }
      ?? [Array(0..<target.count)]
    let chosen = try groups.flatMap { rows in
      try Self.places(keptBackAmong: rows.count, deck).map { rows[$0] }
    }
    let isChosen = Set(chosen), left = (0..<target.count).filter { !isChosen.contains($0) }
    heldOut = target.picking(chosen)
    heldOutClasses = classes.map { classes in chosen.map { classes.target[$0] } }
    tables[0].table = target.picking(left)
    classes?.keep(targets: left)
  }

  private static func places(keptBackAmong count: Int, _ deck: Deck) throws -> [Int] {
    if let section = deck.crossValidation {
      guard section.folds <= count else { throw RunError.folds(section.folds, targets: count) }
      return section.places(among: count, seed: UInt64(deck.seed))
    }
    let share = deck.stop.heldOut?.share ?? 0, kept = Int((share * Double(count)).rounded())
    guard kept > 0, kept < count else { throw RunError.heldOut(share: share, targets: count) }
    return Excerpt.choice(of: kept, from: count, seed: UInt64(deck.seed))
  }

  /// The classes of the rows that are kept back.
  private(set) var heldOutClasses: [Int32]?

  private static func sets(of deck: Deck) -> [(name: String, source: SampleSource, role: SampleSource.Role)] {
    [("target", deck.target, .target), ("source", deck.source, .source)]
      + (deck.generated.map { [("generated", $0, .generated)] } ?? [])
      + deck.furtherSources.enumerated().map { ("source \($0 + 2)", $1, .source) }
  }

  /// Samplers draw in the space of the flow, and can be compared with rows of files once these are there.
  private func requireOneDimension(isTransformed: Bool) throws {
    for (name, table) in tables where table.dimension != dimension {
      guard isTransformed || !table.isDrawn && !target.isDrawn else { continue }
      throw RunError.dimensions(name, table.dimension, target: dimension)
    }
  }

  /// The number of coordinates of all sets.
  var dimension: Int { tables[0].table.dimension }

  /// What a user should know of how the files were read, as far as the root knows, each once.
  var notes: [String] {
    tables.reduce(into: []) { notes, data in notes += data.table.notes.filter { !notes.contains($0) } }
      + (classes == nil && !isPart ? [compositions].compactMap { $0 } : [])
  }

  /// What of the labels of both sides a map of all rows at once cannot leave as it is; nil where their shares are about the same.
  private var compositions: String? {
    guard let target = tables[0].table.labels, let source = tables[1].table.labels else { return nil }
    func share(_ label: String, _ labels: [String]) -> Double {
      Double(labels.count { $0 == label }) / Double(max(labels.count, 1))
    }
    let all = Set(target + source).sorted().map { (label: $0, from: share($0, source), to: share($0, target)) }
    let surplus = all.reduce(0) { $0 + max($1.from - $1.to, 0) }
    guard surplus > 0.01, let most = all.max(by: { abs($0.from - $0.to) < abs($1.from - $1.to) }) else { return nil }
    func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10)%" }
    return
      "'\(oneLine(most.label, limit: 60))' is \(percent(most.from)) of the source and \(percent(most.to)) of the target: a map of "
      + "all rows at once has to move \(percent(surplus)) of the source among other labels; classes: separate does not"
  }

  /// What rows and columns are called, as far as the root knows.
  var names: RunNames {
    var names = RunNames()
    names.columns =
      transforms.isNone
      ? tables[0].table.columnNames ?? tables[1].table.columnNames : transforms.names(.whole)
    names.particles = Self.joined(sources.map { ($0.rowNames, $0.count) })
    names.particleLabels =
      outputs.map { outputs in outputs.source.map { outputs.names[Int($0)] } }
      ?? Self.joined(sources.map { ($0.labels, $0.count) })
    names.targetLabels = tables[0].table.labels
    names.generatedLabels = generated.flatMap { table in
      outputs.map { outputs in outputs.generated.map { outputs.names[Int($0)] } } ?? table.labels
    }
    return names
  }

  /// The texts of several sets one after the other, empty where a set has none; nil where no set has any.
  private static func joined(_ sets: [(texts: [String]?, count: Int)]) -> [String]? {
    guard sets.contains(where: { $0.texts != nil }) else { return nil }
    return sets.flatMap { $0.texts ?? [String](repeating: "", count: $0.count) }
  }
}
