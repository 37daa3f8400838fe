import Samples

/// How far the numbers of each column spread, and what users should know of columns.
package struct ColumnSpreads {
  private let sets: [Excerpt]
  private let names: [String]?
  /// The distance between the 10th and the 90th percentile, by set and column.
  private let spreads: [[Double]]

  /// The columns of sets of one dimension, by name where they have names.
  package init(_ sets: [Excerpt], names: [String]?) {
    self.sets = sets
    self.names = names
    spreads = sets.map { set in
      (0..<set.dimension).map { column in
        let sorted = (0..<set.count).map { set[$0, column] }.sorted(), tenth = (sorted.count - 1) / 10
        return sorted.isEmpty ? 0 : sorted[sorted.count - 1 - tenth] - sorted[tenth]
      }
    }
  }

  /// Lines for people.
  package var warnings: [String] { [wide, coarse].compactMap { $0 } }

  /// A column counts as wide where its spread is above so many times the median of all spreads.
  private static let manyTimes = 100.0
  /// Numbers in fewer steps across their spread are no positions any more.
  private static let fewSteps = 20.0

  /// A few columns that are so much wider than the others that these hardly count.
  private var wide: String? {
    let largest = (0..<sets[0].dimension).map { column in spreads.map { $0[column] }.max() ?? 0 }
    let some = largest.filter { $0 > 0 }.sorted()
    guard some.count > 1 else { return nil }
    let middle = some[(some.count - 1) / 2], widest = largest.indices.filter { largest[$0] > Self.manyTimes * middle }
    guard !widest.isEmpty else { return nil }
    let isOne = widest.count == 1, most = widest.map { largest[$0] }.max() ?? 0
    return "columns of very unlike spread: \(list(widest)) \(isOne ? "spreads" : "spread") up to "
      + "\(Text.short(most / middle)) times as far as the median column, so that distances are \(isOne ? "its" : "theirs"), "
      + "and what the others do is lost in it; divide columns by their standard deviations first, or leave the wide ones out"
  }

  /// Columns far from 0 whose numbers were rounded to float32 before they were stored.
  private var coarse: String? {
    for (set, spreads) in zip(sets, spreads) {
      let coarse = spreads.indices.filter { column in
        guard spreads[column] > 0 else { return false }
        let most = (0..<set.count).map { abs(set[$0, column]) }.max() ?? 0
        return Double(Float(most).ulp) * Self.fewSteps > spreads[column]
          && (0..<set.count).allSatisfy { Double(Float(set[$0, column])) == set[$0, column] }
      }
      guard let first = coarse.first else { continue }
      let most = (0..<set.count).map { abs(set[$0, first]) }.max() ?? 0
      return
        "\(coarse.count == 1 ? "column" : "columns") \(list(coarse)): numbers around \(Text.short(most)) are in steps of "
        + "\(Text.short(Double(Float(most).ulp))), as float32 holds them, and spread over \(Text.short(spreads[first])) only; "
        + "store them as float64, or subtract an offset before"
    }
    return nil
  }

  private func list(_ columns: [Int]) -> String {
    columns.prefix(5).map { column in names.map { "'\($0[column])'" } ?? "\(column + 1)" }.joined(separator: ", ")
      + (columns.count > 5 ? " and \(columns.count - 5) more" : "")
  }
}
