import Foundation
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

  private let table = MetricsTable(columns: columns)

  @Test func rowsAreThereAtOnce() throws {
    let file = try MetricsFile(creating: folder.file("metrics.csv"), of: table)
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
      let file = try MetricsFile(creating: path, of: table)
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
      let file = try MetricsFile(continuing: path, of: table, after: (1...3).map(row))
      try file.append(row(4))
      try file.append(row(5))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
    }
    _ = try MetricsFile(continuing: folder.file("new.csv"), of: table, after: [])
    #expect(try String(contentsOfFile: folder.file("new.csv"), encoding: .utf8) == whole.prefix { $0 != "\n" } + "\n")
  }

  @Test func failuresAreErrors() throws {
    #expect { try MetricsFile(creating: folder.file("no/metrics.csv"), of: table) } throws: {
      "\($0)".contains("No such file")
    }
    #expect { try MetricsFile(creating: "/dev/full", of: table) } throws: { "\($0)".contains("No space") }
  }
}
