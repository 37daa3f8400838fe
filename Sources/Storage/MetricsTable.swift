import Numerics

/// The numbers of one time step.
package struct MetricsRow: Sendable, Equatable {
  /// The time step, from 1.
  package let step: Int
  /// The numbers of the table's columns.
  package let values: [Double]
  private let columns: [String]

  /// A row whose columns are `time`, the sum of time steps so far, and these.
  package init(step: Int, time: Double, columns: [String], values: [Double]) {
    precondition(columns.count == values.count, "a number for every column")
    self.init(step: step, columns: ["time"] + columns, values: [time] + values)
  }

  init(step: Int, columns: [String], values: [Double]) {
    self.step = step
    self.columns = columns
    self.values = values
  }

  /// The sum of time steps so far.
  package var time: Double { values[0] }

  /// The number in a column.
  package subscript(column: String) -> Double? { columns.firstIndex(of: column).map { values[$0] } }

  /// The numbers with commas between, each as short as it can be to be read back as the same.
  var line: String { "\(step)" + values.map { ",\($0)" }.joined() }
}

/// The numbers of all time steps so far; kept on the root.
package final class MetricsTable: Stateful {
  /// The columns beside the step; the first is `time`.
  package let columns: [String]
  /// The rows of the steps 1, 2, ...; empty on other ranks than the root.
  package private(set) var rows: [MetricsRow] = []
  private let isRoot: Bool

  /// A table of `time` and these columns.
  package init(columns: [String], isRoot: Bool) {
    self.columns = ["time"] + columns
    self.isRoot = isRoot
  }

  /// The head line of metrics.csv.
  var header: String { (["step"] + columns).joined(separator: ",") }

  /// Adds the row of the next step.
  package func append(_ row: MetricsRow) { if isRoot { rows.append(row) } }

  package func record(into snapshot: inout Snapshot) {
    snapshot.add(series: "rows", rows.flatMap { [Double($0.step)] + $0.values })
  }

  package func restore(from snapshot: Snapshot) throws {
    guard isRoot else { return }
    let numbers = try snapshot.float64("rows"), width = columns.count + 1
    rows = try stride(from: 0, through: numbers.count - width, by: width).map { i in
      MetricsRow(step: try snapshot.count("rows", at: i), columns: columns, values: Array(numbers[i + 1..<i + width]))
    }
  }
}
