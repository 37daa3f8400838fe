import MessagePassing
import Numerics
import Parameters
import Samples
import Testing
import Transforms
import YAML

/// All suites of the module run one after the other: they share one MPI.
@Suite(.serialized) enum TransformsSuite {}

enum Job {
  nonisolated(unsafe) static let world: Communicator? = try? Environment.start().world
}

typealias Rows = [[Double]]

/// A section with a list of transforms, as a deck has it.
struct Listed: Section {
  var transforms: [any Transform] = []
  static let keys: [Key<Listed>] = [.transforms("transform", \.transforms)]

  static func read(_ list: String) throws -> [any Transform] {
    try read(Tree(yaml: "transform: \(list)\n", file: "d.yaml")).transforms
  }
}

/// Rows that are fitted, put through the transforms of a deck, and back.
struct Transformed {
  let fitted: FittedTransforms
  /// A table's rows in the space of the flow.
  let tables: [Rows]
  let names: [String]?

  init(_ list: String, source: Rows, target: Rows, further: Rows? = nil, names: [String]? = nil) throws {
    var tables: [FittedTransforms.Table] = [
      (.source, try table(source, "a.csv", names)), (.target, try table(target, "b.csv", names)),
    ]
    if let further { tables.append((.generated, try table(further, "c.csv", names))) }
    let world = try #require(Job.world)
    fitted = try FittedTransforms.fit(Listed.read(list), &tables, fitting: 2, on: world)
    self.tables = tables.map { rows(of: $0.table) }
    self.names = tables[0].table.columnNames
  }

  /// A table's rows back from the space of the flow.
  func back(_ index: Int, as role: SampleSource.Role, _ extent: FittedTransforms.Extent = .whole) -> Rows {
    inverse(fitted, tables[index], as: role, extent)
  }
}

func inverse(
  _ fitted: FittedTransforms, _ rows: Rows, as role: SampleSource.Role, _ extent: FittedTransforms.Extent = .whole
) -> Rows {
  let columns = fitted.dimension(extent)
  var result = [Double](repeating: .nan, count: rows.count * columns)
  fitted.invert(rows.flatMap { $0 }, count: rows.count, into: &result, role: role, extent)
  return rows.indices.map { Array(result[$0 * columns..<($0 + 1) * columns]) }
}

func table(_ rows: Rows, _ file: String, _ names: [String]? = nil) throws -> SharedTable {
  let world = try #require(Job.world)
  let table = try SharedTable(rows.flatMap { $0 }, rows: rows.count, columns: rows[0].count, file: file, on: world)
  if let names { table.name(columns: names) }
  return table
}

func rows(of table: SharedTable) -> Rows {
  (0..<table.count).map { index in
    var row = [Double](repeating: 0, count: table.columns)
    table.read(index, into: &row)
    return row
  }
}

/// Normal numbers that are the same in every run.
func normals(_ rows: Int, _ columns: Int, key: UInt64) -> Rows {
  (0..<rows).map { row in
    var stream = RandomNumbers(seed: key, purpose: .source).stream(row)
    return (0..<columns).map { _ in stream.normal() }
  }
}

/// Counts of which many are zeros.
func counts(_ rows: Int, _ columns: Int, key: UInt64) -> Rows {
  normals(rows, columns, key: key).map { $0.map { max(0, (10 * $0).rounded()) } }
}

/// The largest difference of two sets of rows; infinite where they do not have the same shape.
func distance(_ a: Rows, _ b: Rows) -> Double {
  guard a.map(\.count) == b.map(\.count) else { return .infinity }
  return zip(a, b).flatMap { zip($0, $1).map { abs($0 - $1) } }.reduce(0) { $1 <= $0 ? $0 : $1 }
}

/// The words of an error.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch let error as AgreedError {
    return error.exitCode == 2 ? "\(error)" : "exit code \(error.exitCode): \(error)"
  } catch { return "\(error)" }
}
