import MessagePassing
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

/// What the numbers of all time steps so far are: how many rows there are, and a checksum of them. The rows themselves are in
/// run.h5 and in metrics.csv (``StoredMetrics``), so that a checkpoint of a long run is not larger than that of a short one.
package final class MetricsTable: Stateful {
  /// The columns beside the step; the first is `time`.
  package let columns: [String]
  /// The number of rows, those of the steps 1, 2, ...
  package private(set) var count = 0
  private(set) var checksum: UInt64 = 0

  /// A table of `time` and these columns.
  package init(columns: [String]) { self.columns = ["time"] + columns }

  /// The head line of metrics.csv.
  var header: String { (["step"] + columns).joined(separator: ",") }

  /// Adds the row of the next step.
  package func append(_ row: MetricsRow) {
    // A text does not tell one number that is none from another.
    let numbers = ([Double(row.step)] + row.values).map { $0.isNaN ? .nan : $0 }
    checksum &+= numbers.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { Checksum.of($0, count: buffer.count, from: count * buffer.count) } ?? 0
    }
    count += 1
  }

  /// Whether these rows are the table's.
  func matches(_ rows: [MetricsRow]) -> Bool {
    guard rows.count == count else { return false }
    let other = MetricsTable(columns: Array(columns.dropFirst()))
    for row in rows { other.append(row) }
    return other.checksum == checksum
  }

  /// Has these rows of the root from here on. Collective; the rows of the other ranks do not matter.
  package func replace(by rows: [MetricsRow], on communicator: Communicator) throws {
    if communicator.isRoot {
      (count, checksum) = (0, 0)
      for row in rows { append(row) }
    }
    (count, checksum) = try (communicator.broadcast(count, from: 0), communicator.broadcast(checksum, from: 0))
  }

  package func record(into snapshot: inout Snapshot) {
    snapshot.add("rows", [Double(count), Double(checksum >> 32), Double(checksum & 0xffff_ffff)])
  }

  package func restore(from snapshot: Snapshot) throws {
    count = try snapshot.count("rows", at: 0)
    checksum = UInt64(try snapshot.count("rows", at: 1)) << 32 | UInt64(try snapshot.count("rows", at: 2))
  }
}
