import Foundation
import Numerics
import Storage
import Support
import Testing

@Suite struct MetricsFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func row(_ step: Int) -> MetricsRow {
    MetricsRow(step: step, time: 0.1 * Double(step), columns: Self.columns, values: [.nan, 1e-7, 1.0 / 3])
  }

  private static let columns = ["divergence", "fisher_information", "maximum_speed"]

  private func table(_ steps: Int = 0) -> MetricsTable {
    let table = MetricsTable(columns: Self.columns, isRoot: true)
    for step in 0..<steps { table.append(row(step + 1)) }
    return table
  }

  @Test func rowsAreThereAtOnce() throws {
    let file = try MetricsFile(creating: folder.file("metrics.csv"), of: table())
    try file.append(row(1))
    try file.append(row(3))
    let text = try String(contentsOfFile: folder.file("metrics.csv"), encoding: .utf8)
    #expect(
      text == """
        step,time,divergence,fisher_information,maximum_speed
        1,0.1,nan,1e-07,0.3333333333333333
        3,0.30000000000000004,nan,1e-07,0.3333333333333333

        """)
  }

  /// Whatever a killed job or machine left of it, the file holds the rows of the checkpoint and those after it, once each.
  @Test func continuingRestoresRows() throws {
    let path = folder.file("metrics.csv")
    do {
      let file = try MetricsFile(creating: path, of: table())
      for step in 1...5 { try file.append(row(step)) }
    }
    let whole = try String(contentsOfFile: path, encoding: .utf8),
      lines = whole.split(separator: "\n").map { "\($0)\n" }
    let zeros = String(repeating: "\0", count: 40)
    for left in [
      whole, whole + "6,0.", "", "step", lines[...2].joined(), lines[...1].joined() + zeros,
      lines[...1].joined() + lines[3...].joined(), "no header\n" + lines[1...].joined(),
    ] {
      try left.write(toFile: path, atomically: false, encoding: .utf8)
      let file = try MetricsFile(continuing: path, after: table(3))
      try file.append(row(4))
      try file.append(row(5))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
    }
    _ = try MetricsFile(continuing: folder.file("new.csv"), after: table())
    #expect(try String(contentsOfFile: folder.file("new.csv"), encoding: .utf8) == whole.prefix { $0 != "\n" } + "\n")
  }

  @Test func failuresAreErrors() throws {
    #expect { try MetricsFile(creating: folder.file("no/metrics.csv"), of: table()) } throws: {
      "\($0)".contains("No such file")
    }
    #expect { try MetricsFile(creating: "/dev/full", of: table()) } throws: { "\($0)".contains("No space") }
  }

  /// The numbers of the root come back from a snapshot; other ranks keep none.
  @Test func tableGoesOnFromItsSnapshot() throws {
    let table = table(3), copy = MetricsTable(columns: Self.columns, isRoot: true)
    let other = MetricsTable(columns: Self.columns, isRoot: false)
    var snapshot = Snapshot(of: copy)
    let fits = snapshot.replace("rows", by: Snapshot(of: table).arrays[0].values)
    #expect(fits)
    try copy.restore(from: snapshot)
    try other.restore(from: snapshot)
    #expect(copy.rows.map(\.step) == [1, 2, 3] && other.rows.isEmpty)
    for (a, b) in zip(copy.rows, table.rows) {
      #expect(a.time == b.time && a["maximum_speed"] == b["maximum_speed"] && a["divergence"]?.isNaN == true)
      #expect(a["no such column"] == nil)
    }
  }
}
