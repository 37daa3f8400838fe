import Numerics

/// Which output of a network is phi of each row of a block: that of its label.
final class OutputSelection {
  /// The number of outputs.
  let outputs: Int
  /// A row for each point, 1 or its weight at its label's place and 0 elsewhere; with several outputs.
  let matrix: UnsafeMutablePointer<Float>
  /// The labels of the points that went forward last; nil: all are 0.
  var labels: UnsafePointer<Int32>?

  /// Memory for blocks of up to `rows` rows.
  init(outputs: Int, rows: Int) {
    self.outputs = outputs
    matrix = alignedMemory(of: Float.self, count: outputs > 1 ? rows * outputs : 0)
  }

  deinit { matrix.deallocate() }

  /// The output of a row.
  @inline(__always)
  func output(_ row: Int) -> Int { labels.map { Int($0[row]) } ?? 0 }

  /// Fills `matrix` for whole strips, with weights or ones.
  func fill(rows: Int, weights: UnsafePointer<Float>? = nil) {
    matrix.update(repeating: 0, count: roundedUp(rows, to: Tile.rows) * outputs)
    for row in 0..<rows { matrix[row * outputs + output(row)] = weights?[row] ?? 1 }
  }
}
