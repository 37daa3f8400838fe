import MessagePassing
import Numerics
import Samples

extension FittedTransforms {
  /// Fits transforms in their order to the rows of files among the first `fitting` tables, and replaces every table of a file by
  /// its rows in the space of the flow. The tables have the same columns; they are not enlarged yet.
  ///
  /// Collective. Throws an `AgreedError` on all ranks, caused by a ``TransformError``, a `SampleError` or a `MemoryError`; the
  /// tables are not to be used then.
  package static func fit(
    _ list: [any Transform], _ tables: inout [Table], fitting: Int, on communicator: Communicator
  ) throws -> FittedTransforms {
    guard !list.isEmpty else { return .none }
    var fitted = try communicator.together {
      communicator.isRoot ? try fit(list, &tables, fitting: fitting) : FittedTransforms.none
    }
    try fitted.followRoot(list, on: communicator)
    if !communicator.isRoot {
      for index in tables.indices { tables[index].table = try fitted.transformed(tables[index]) }
    }
    return fitted
  }

  /// The same on one process alone, which has the rows.
  package static func fit(_ list: [any Transform], _ tables: inout [Table], fitting: Int) throws -> FittedTransforms {
    guard !list.isEmpty else { return .none }
    let learnt = tables[..<fitting].filter { !$0.table.isDrawn }
    guard let first = learnt.first?.table else { throw TransformError.nothingToTransform }
    var fitted = FittedTransforms([], originalDimension: first.columns, names: first.columnNames)
    for (_, table) in tables where !table.isDrawn { try fitted.check(table) }
    for transform in list {
      let stage = try transform.fit(to: TransformedRows(learnt, fitted))
      fitted = fitted.followed(by: stage, type(of: transform).name)
    }
    for (role, table) in tables where table.isDrawn && table.dimension != fitted.dimension {
      throw TransformError.dimension(role: "\(role)", dimension: table.dimension, expected: fitted.dimension)
    }
    for index in tables.indices { tables[index].table = try fitted.transformed(tables[index]) }
    return fitted
  }

  /// Other rows of the original space in that of the flow, as those of their role were; rows of a sampler as they are.
  /// Collective. Throws an `AgreedError` on all ranks.
  package func apply(to table: SharedTable, role: SampleSource.Role, on communicator: Communicator) throws
    -> SharedTable
  {
    guard !isNone else { return table }
    return try communicator.together {
      if !table.isDrawn { try check(table) }
      return try transformed((role, table))
    }
  }

  private func check(_ table: SharedTable) throws {
    precondition(table.count == table.ownCount, "rows are moved by noise after the transforms")
    guard table.dimension == table.columns else { throw TransformError.embedded(file: table.file) }
    guard table.columns == originalDimension else {
      throw TransformError.columns(file: table.file, columns: table.columns, expected: originalDimension)
    }
  }

  /// The table with its rows in the space of the flow, made where they stand.
  private func transformed(_ of: Table) throws -> SharedTable {
    let table = of.table
    guard !table.isDrawn else { return table }
    let source = TransformedRows([of], self), blockRows = min(source.blockRows, table.count)
    let block = alignedMemory(of: Double.self, count: table.isHere ? blockRows * dimension : 0)
    defer { block.deallocate() }
    return try table.replacing(columns: dimension, names: table.isHere ? columnNames : nil) { row, numbers in
      let place = row % blockRows
      if place == 0 { try source.read(row..<min(row + blockRows, table.count), into: block) }
      numbers.update(from: block + place * dimension, count: dimension)
    }
  }
}
