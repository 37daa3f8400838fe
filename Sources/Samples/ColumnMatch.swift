import MessagePassing
import Parameters

/// How the columns of the sample sets of a run were matched by name.
package struct ColumnMatch: Sendable, Equatable {
  /// The columns that all have, in the target's order.
  package let matched: Int
  /// The columns that others lack and are left out, by set.
  package let leftOut: [(set: String, count: Int)]

  package static func == (a: ColumnMatch, b: ColumnMatch) -> Bool { a.description == b.description }

  /// One line for people.
  package var description: String {
    "\(matched) columns matched by name"
      + leftOut.filter { $0.count > 0 }.map { "; \($0.count) of \($0.set) left out" }.joined()
  }

  /// Puts the columns of tables into the order of the first one's, by their names, and leaves out what one of them lacks; nil
  /// where the first or all others have no names, and columns are those of the same number. A table without names among
  /// others that have some is taken by number, which it can only be where no column of the first is left out. Collective.
  ///
  /// Throws an `AgreedError` whose cause is a ``SampleError`` where a name occurs twice, or none in all.
  package static func match(
    _ tables: inout [(set: String, table: SharedTable)], on communicator: Communicator
  ) throws -> ColumnMatch? {
    let before = tables.map(\.table.dimension)
    guard try communicator.onRoot({ try match(&tables) != nil }) else { return nil }
    for i in tables.indices { try tables[i].table.followRoot(on: communicator) }
    return ColumnMatch(tables, before)
  }

  /// The same in one process without MPI. Throws a ``SampleError``.
  package static func match(_ tables: inout [(set: String, table: SharedTable)]) throws -> ColumnMatch? {
    let named = tables.indices.filter { tables[$0].table.columnNames != nil }, before = tables.map(\.table.dimension)
    guard named.first == 0, named.count > 1 else { return nil }
    let chosen = try common(named.map { (tables[$0].table.file, tables[$0].table.columnNames ?? []) })
    if chosen[0].count < before[0], let unnamed = tables.indices.first(where: { !named.contains($0) }) {
      throw SampleError.unnamedColumns(set: tables[unnamed].set, file: tables[0].table.file)
    }
    for (i, columns) in zip(named, chosen) { tables[i].table.keep(columns: columns) }
    return ColumnMatch(tables, before)
  }

  private init(_ tables: [(set: String, table: SharedTable)], _ before: [Int]) {
    matched = tables[0].table.dimension
    leftOut = zip(tables, before).map { ($0.set, $1 - $0.table.dimension) }
  }

  /// Where the names that all tables have stand in each, in the order of the first.
  private static func common(_ tables: [(file: String, names: [String])]) throws -> [[Int]] {
    let places = try tables.map { file, names in
      var places: [String: Int] = [:]
      for (place, name) in names.enumerated() where places.updateValue(place, forKey: name) != nil {
        throw SampleError.duplicateColumn(file: file, column: name)
      }
      return places
    }
    let names = tables[0].names.filter { name in places.allSatisfy { $0[name] != nil } }
    guard !names.isEmpty else {
      let other = tables.indices.first { i in tables[0].names.allSatisfy { places[i][$0] == nil } } ?? 1
      throw SampleError.noCommonColumn(
        file: tables[other].file, names: tables[other].names, other: tables[0].file, otherNames: tables[0].names)
    }
    return places.map { places in names.compactMap { places[$0] } }
  }
}
