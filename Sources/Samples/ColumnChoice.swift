import Parameters

/// A column as a deck says it: by its name, or by its number from 1.
package enum ColumnName: KeyValue, Hashable {
  case name(String)
  case number(Int)

  package static var wanted: String { "a column's name or its number from 1" }

  package static func read(_ entry: Entry, wanted: String) throws -> ColumnName {
    if case .scalar(_, isPlain: true) = entry.tree.content, let number = try? Int.read(entry, wanted: wanted) {
      guard number > 0 else { throw entry.mustBe(wanted) }
      return .number(number)
    }
    return .name(try String.read(entry, wanted: wanted))
  }

  package var tree: Tree {
    switch self {
    case .name(let name): name.tree
    case .number(let number): number.tree
    }
  }
}

/// Which columns of a file are coordinates: only some, or all but some.
struct ColumnChoice {
  var only: [ColumnName]?
  var without: [ColumnName] = []

  /// The names that a file must have.
  var names: [String] {
    ((only ?? []) + without).compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  /// The columns that are left of those of a file, from 0. `also` are left out as well, unless they are asked for.
  func columns(of names: [String]?, count: Int, without also: [Int] = [], file: String) throws -> [Int] {
    if let only { return try Self.places(of: only, in: names, count: count, file: file) }
    let left = Set(try Self.places(of: without, in: names, count: count, file: file) + also)
    return (0..<count).filter { !left.contains($0) }
  }

  private static func places(of list: [ColumnName], in names: [String]?, count: Int, file: String) throws -> [Int] {
    var places: [Int] = []
    for column in list {
      let place: Int
      switch column {
      case .name(let name):
        guard let names else { throw SampleError.namelessColumns(file: file, column: name, count: count) }
        place = try DelimitedText.index(of: name, in: names, file: file)
      case .number(let number):
        guard number <= count else { throw SampleError.columnNumber(file: file, number: number, count: count) }
        place = number - 1
      }
      guard !places.contains(place) else { throw SampleError.columnTwice(file: file, column: "\(column.tree.summary)") }
      places.append(place)
    }
    return places
  }

  /// Keeps the chosen columns of a table.
  func apply(to table: SampleTable) throws {
    guard only != nil || !without.isEmpty else { return }
    let chosen = try columns(of: table.columnNames, count: table.columns, file: table.file)
    guard !chosen.isEmpty else { throw SampleError.noColumns(file: table.file) }
    table.keep(columns: chosen)
  }
}
