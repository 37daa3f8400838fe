import HDF5

/// Reads a run.h5, of a run that is over or goes on. For one process; throws an `HDF5Error` where the file cannot be read
/// or is none of a run.
package struct RunFileReader {
  private let file: HDF5File

  /// Opens a file.
  package init(_ path: String) throws { file = try HDF5File(reading: path) }

  /// How the run stands, as the file says it; it may be a word that no version of this program writes.
  package var status: String { get throws { try file.text(attribute: "status") } }

  /// The numbers of the last step; nil where there are none.
  package func lastMetrics() throws -> MetricsRow? {
    guard let rows = try file.shape(of: RunSchema.metricsSteps.path).first, rows > 0 else { return nil }
    let group = RunSchema.metrics.path
    let columns = try file.datasets().filter { $0.hasPrefix(group) && $0 != RunSchema.metricsSteps.path }
    let steps = try file.int64s(of: RunSchema.metricsSteps.path, from: rows - 1, rows: 1)
    let values = try columns.flatMap { try file.doubles(of: $0, from: rows - 1, rows: 1) }
    guard let step = steps.first, values.count == columns.count else { return nil }
    return MetricsRow(step: Int(step), columns: columns.map { String($0.dropFirst(group.count)) }, values: values)
  }
}
