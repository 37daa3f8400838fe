import Glibc
import Parameters

/// The rows of a run that goes on from a checkpoint, as its folder has them: in run.h5 and in metrics.csv, both of which hold
/// all bits. A checkpoint holds their number and checksum, so that what a disk lost of the one is taken from the other. For
/// one process.
package struct StoredMetrics {
  /// The rows of the steps 1, 2, ... of the table.
  package let rows: [MetricsRow]
  /// What of them is lost, for people; nil: nothing.
  package let loss: String?

  /// Looks for the rows of a table in a folder. Rows that are lost are numbers that are none.
  package init(of table: MetricsTable, in folder: RunFolder) {
    let count = table.count, columns = table.columns
    let stored = (try? RunFileReader(folder.result).metrics(columns, first: count)) ?? []
    if table.matches(stored) {
      (rows, loss) = (stored, nil)
    } else {
      let written = Self.read(folder.metrics, of: table)
      func row(_ step: Int, _ first: [Int: MetricsRow], _ second: [Int: MetricsRow]) -> MetricsRow? {
        first[step] ?? second[step]
      }
      let inFile = Dictionary(uniqueKeysWithValues: stored.map { ($0.step, $0) })
      let trials = [(inFile, written), (written, inFile)].map { first, second in
        (1...max(count, 1)).prefix(count).map { row($0, first, second) }
      }
      if let whole = trials.first(where: { table.matches($0.compactMap { $0 }) }) {
        (rows, loss) = (whole.compactMap { $0 }, nil)
      } else {
        let missing = trials[0].indices.filter { trials[0][$0] == nil }.map { $0 + 1 }
        rows = trials[0].enumerated().map { i, row in
          row ?? MetricsRow(step: i + 1, columns: columns, values: columns.map { _ in .nan })
        }
        loss =
          missing.isEmpty
          ? "the figures by step in run.h5 and metrics.csv are not those of the checkpoint: one of both was changed"
          : "the figures of \(missing.count) of the \(count) steps so far are in neither run.h5 nor metrics.csv: they are nan "
            + "in both from here on"
      }
    }
  }

  /// The rows of metrics.csv by step; lines that are damaged are left out.
  private static func read(_ path: String, of table: MetricsTable) -> [Int: MetricsRow] {
    guard let file = fopen(path, "re") else { return [:] }
    defer { fclose(file) }
    var rows: [Int: MetricsRow] = [:], line: UnsafeMutablePointer<CChar>?, capacity = 0
    defer { free(line) }
    while true {
      let count = getline(&line, &capacity, file)
      // A line without its end was cut off.
      guard count > 0, let line, line[count - 1] == 10 else { break }
      let text = String(decoding: UnsafeRawBufferPointer(start: line, count: count - 1), as: UTF8.self)
      let words = text.split(separator: ",", omittingEmptySubsequences: false)
      let values = words.dropFirst().compactMap { Double($0) }
      guard let step = words.first.flatMap({ Int($0) }), words.count == table.columns.count + 1,
        values.count == table.columns.count, step > 0, step <= table.count
      else { continue }
      rows[step] = MetricsRow(step: step, columns: table.columns, values: values)
    }
    return rows
  }
}
