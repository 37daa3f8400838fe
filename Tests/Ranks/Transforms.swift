import MessagePassing
import Numerics
import Parameters
import Samples
import Transforms
import YAML

private struct Listed: Section {
  var transforms: [any Transform] = []
  static let keys: [Key<Listed>] = [.transforms("transform", \.transforms)]
}

/// Rows of the root that are transformed and fitted: every rank has the same fit and undoes it in the same bits, which the root
/// prints, and an error is an error everywhere.
func transforms(_ world: Communicator) throws -> Bool {
  let rows = 60, columns = 83
  func table(_ key: Int, least: Double) throws -> SharedTable {
    var stream = RandomNumbers(seed: 16, purpose: .test).stream(key), numbers: [Double] = []
    if world.isRoot { for _ in 0..<rows * columns { numbers.append(max(least, 5 * stream.normal())) } }
    let table = try SharedTable(numbers, rows: rows, columns: columns, file: "\(key).csv", on: world)
    if world.isRoot { table.name(columns: (1...columns).map { "gene \($0)" }) }
    return table
  }
  let deck = "transform: [log1p: {of: source}, standardize, pca: {components: 9, whiten: true}, scale: 0.1]\n"
  let list = try Listed.read(Tree(yaml: deck, file: "deck")).transforms
  var tables: [FittedTransforms.Table] = [(.source, try table(1, least: 0)), (.target, try table(2, least: -9))]
  let fitted = try FittedTransforms.fit(list, &tables, fitting: 2, on: world)
  let names = fitted.names(.whole) == (1...columns).map { "gene \($0)" }
  guard tables.allSatisfy({ $0.table.columns == 9 && $0.table.count == rows }), names else { return false }

  let matrix = try tables[1].table.rows(0..<(world.isRoot ? rows : 0), in: .none(dimension: 9), on: world)
  var points = (0..<rows * 9).map { world.isRoot ? Double(matrix.elements[$0]) : 0 }
  try points.withUnsafeMutableBytes { try world.broadcast($0, from: 0) }
  var back = [Double](repeating: 0, count: rows * columns)
  // Every rank puts back other rows than the others first, then all.
  let own = world.rank % rows
  fitted.invert(Array(points[(own * 9)...]), count: rows - own, into: &back, role: .target)
  let first = Array(back[..<columns])
  fitted.invert(points, count: rows, into: &back, role: .target)
  let bits = (fitted.arrays.flatMap(\.values) + back).reduce(UInt64(0)) { ($0 ^ $1.bitPattern) &* 0x100_0000_01b3 }
  try world.requireSame(bits, "the transforms")
  if world.isRoot { print("bits", bits, fitted.summary) }

  var wrong: [FittedTransforms.Table] = [(.source, try table(1, least: -9)), (.target, try table(2, least: 0))]
  do {
    _ = try FittedTransforms.fit(list, &wrong, fitting: 2, on: world)
    return false
  } catch let error as AgreedError where error.exitCode == 2 {
    return first == Array(back[(own * columns)..<(own + 1) * columns])
  }
}
