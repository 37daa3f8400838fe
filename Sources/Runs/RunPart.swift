import Samples

/// A flow of a run: the rows of one source, or of one class of it, with the targets that they move to.
struct RunPart {
  /// What tells it from the run's others; empty where it is the only one.
  let name: String
  /// The run's deck with this source alone.
  let deck: Deck
  /// Its rows.
  let data: OpenData
  /// The places of its particles among all of the run, source after source, and of the rows that it carries along.
  let particles: Places, generated: Places
  /// The number of its targets.
  let targetCount: Int

  /// Rows in ascending order: of a class, or all of a set, which may be more than memory holds.
  enum Places {
    case all(Range<Int>)
    case some([Int])

    var count: Int {
      switch self {
      case .all(let range): range.count
      case .some(let rows): rows.count
      }
    }

    subscript(index: Int) -> Int {
      switch self {
      case .all(let range): range.lowerBound + index
      case .some(let rows): rows[index]
      }
    }
  }

  /// The parts of a run, the same on all ranks.
  static func all(of data: OpenData, _ deck: Deck) -> [RunPart] {
    let sources = data.sources, decks = [deck.source] + deck.furtherSources
    var parts: [RunPart] = [], first = 0
    for (index, table) in sources.enumerated() {
      var own = deck
      own.source = decks[index]
      own.furtherSources = []
      let source = sources.count > 1 ? decks[index].word ?? "source \(index + 1)" : ""
      guard let classes = data.classes, deck.classes != .conditional else {
        parts.append(RunPart(source, own, data, index, table, first, nil))
        first += table.count
        continue
      }
      for number in classes.names.indices where classes.sources[index].contains(Int32(number)) {
        let name = classes.names[number]
        parts.append(RunPart(source.isEmpty ? name : "\(source), \(name)", own, data, index, table, first, number))
      }
      first += table.count
    }
    return parts
  }

  /// A folder for a flow of this number, from 0, and this name: as much of it as can be the name of a file.
  static func folderName(_ number: Int, _ name: String) -> String {
    let letters = name.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "+-_.".unicodeScalars.contains(scalar)
        ? Character(scalar) : "_"
    }
    return "\(number + 1)-" + String(letters.prefix(40))
  }

  private init(
    _ name: String, _ deck: Deck, _ data: OpenData, _ source: Int, _ table: SharedTable, _ first: Int, _ number: Int?
  ) {
    self.name = name
    let classes = data.classes
    func rows(_ classes: [Int32]?) -> [Int]? {
      number.flatMap { number in classes.map { RowClasses.rows(of: number, in: $0) } }
    }
    func picked(_ table: SharedTable, _ rows: [Int]?) -> SharedTable { rows.map(table.picking) ?? table }
    let own = rows(classes?.sources[source]), targets = rows(classes?.target)
    particles = own.map { .some($0.map { first + $0 }) } ?? .all(first..<first + table.count)
    targetCount = targets?.count ?? data.target.count
    var tables = [
      (set: "target", table: picked(data.target, targets)), (set: "source", table: picked(table, own)),
    ]
    // Carried rows go with the first source.
    let carried = source == 0 ? rows(classes?.generated) : []
    generated = carried.map(Places.some) ?? .all(0..<(data.generated?.count ?? 0))
    if let set = data.generated, generated.count > 0 {
      tables.append((set: "generated", table: picked(set, carried)))
    }
    var deck = deck
    if tables.count == 2 { deck.generated = nil }
    self.deck = deck
    let heldOut = rows(data.heldOutClasses)
    let outputs =
      deck.classes == .conditional
      ? classes.map { classes in
        OutputLabels(
          names: classes.names, target: classes.target, source: classes.sources[source],
          generated: tables.count > 2 ? classes.generated ?? [] : [])
      } : nil
    self.data = OpenData(
      partOf: data, tables, heldOut: data.heldOut.map { picked($0, heldOut) },
      label: number.flatMap { classes?.names[$0] } ?? "", outputs: outputs)
  }
}
