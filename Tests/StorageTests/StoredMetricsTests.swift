import Foundation
import HDF5
import MessagePassing
import Numerics
import Storage
import Support
import Testing

/// The rows that a restart finds in run.h5 and metrics.csv.
@Suite(.serialized) struct StoredMetricsTests {
  private let temporary: TemporaryFolder
  private let world: Communicator
  private var folder: RunFolder { RunFolder(temporary.path) }
  private static let columns = ["divergence", "speed"]

  init() throws {
    temporary = try TemporaryFolder()
    world = try Environment.start().world
  }

  private func row(_ step: Int) -> MetricsRow {
    let values = [step == 2 ? Double.nan : 1 / Double(step), step == 3 ? -.infinity : 1e-300 * Double(step) * 1e-10]
    return MetricsRow(step: step, time: 0.1 * Double(step), columns: Self.columns, values: values)
  }

  private func table(_ steps: Int) -> MetricsTable {
    let table = MetricsTable(columns: Self.columns)
    for step in 1...steps { table.append(row(step)) }
    return table
  }

  /// Writes rows of some steps to both files.
  private func write(stored: [Int], lines: [Int]) throws {
    let file = try HDF5File(creating: folder.result)
    try file.create("metrics/step", shape: [0], of: Int64.self, chunk: [64])
    try file.append(stored.map { Int64($0) }, to: "metrics/step")
    for (i, name) in (["time"] + Self.columns).enumerated() {
      try file.create("metrics/" + name, shape: [0], of: Double.self, chunk: [64])
      try file.append(stored.map { row($0).values[i] }, to: "metrics/" + name)
    }
    try file.close()
    let metrics = try MetricsFile(creating: folder.metrics, of: table(1))
    for step in lines { try metrics.append(row(step)) }
  }

  private func expectRows(_ found: StoredMetrics, _ steps: Int) {
    #expect(found.loss == nil && found.rows.map(\.step) == Array(1...steps))
    for row in found.rows {
      let wanted = self.row(row.step).values
      #expect(zip(row.values, wanted).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) })
    }
  }

  /// Either file is enough, and so is what both have together; rows after the checkpoint are none of it.
  @Test(arguments: [
    (Array(1...9), [1, 2]), ([], Array(1...9)), ([1, 2, 3], Array(3...9)), ([1, 2, 3], [4, 5, 6, 7]),
    (Array(1...7), Array(1...7)),
  ])
  func rowsAreFound(stored: [Int], lines: [Int]) throws {
    try write(stored: stored, lines: lines)
    expectRows(StoredMetrics(of: table(7), in: folder), 7)
  }

  @Test func oneFileIsLost() throws {
    try write(stored: Array(1...5), lines: Array(1...5))
    unlink(folder.metrics)
    expectRows(StoredMetrics(of: table(5), in: folder), 5)
    try write(stored: Array(1...5), lines: Array(1...5))
    unlink(folder.result)
    expectRows(StoredMetrics(of: table(5), in: folder), 5)
    try "no HDF5".write(toFile: folder.result, atomically: false, encoding: .utf8)
    expectRows(StoredMetrics(of: table(5), in: folder), 5)
  }

  /// A digit that was changed in one file is not believed; where it cannot be told, it is said.
  @Test func changedNumbers() throws {
    try write(stored: Array(1...5), lines: Array(1...5))
    let text = try String(contentsOfFile: folder.metrics, encoding: .utf8)
    try text.replacingOccurrences(of: "4,0.4,0.25", with: "4,0.4,0.35").write(
      toFile: folder.metrics, atomically: false, encoding: .utf8)
    expectRows(StoredMetrics(of: table(5), in: folder), 5)
    unlink(folder.result)
    let found = StoredMetrics(of: table(5), in: folder)
    #expect(found.loss?.contains("are not those of the checkpoint") == true && found.rows[3].values[1] == 0.35)
  }

  /// Rows that neither file has are said to be lost, and the others are kept.
  @Test func lostRows() throws {
    try write(stored: [1, 2], lines: [1, 2, 4])
    let found = StoredMetrics(of: table(5), in: folder)
    #expect(found.loss?.contains("2 of the 5 steps") == true, "\(found.loss ?? "")")
    #expect(found.rows.map(\.step) == [1, 2, 3, 4, 5] && found.rows[3].values[1] == 0.25)
    #expect(found.rows[4].values.allSatisfy { $0.isNaN })
    // From here on these rows are the run's.
    let table = table(5)
    try table.replace(by: found.rows, on: world)
    let metrics = try MetricsFile(creating: folder.metrics, of: table)
    for row in found.rows { try metrics.append(row) }
    #expect(StoredMetrics(of: table, in: folder).loss == nil)
  }

  /// A checkpoint of many steps holds no more numbers than one of few.
  @Test func tableIsShortInASnapshot() throws {
    let short = Snapshot(of: table(2)), long = Snapshot(of: table(2000))
    #expect(short.arrays.map(\.values.count) == long.arrays.map(\.values.count))
    let copy = MetricsTable(columns: Self.columns)
    var loaded = Snapshot(of: copy)
    let fits = loaded.replace("rows", by: short.arrays[0].values)
    #expect(fits)
    try copy.restore(from: loaded)
    try write(stored: [1, 2], lines: [])
    #expect(copy.count == 2 && StoredMetrics(of: copy, in: folder).loss == nil)
  }
}
