import Numerics

/// The labels of a flow's rows where its network has an output for each class.
struct OutputLabels {
  /// The classes, in the order of the outputs.
  let names: [String]
  /// The class of each target, of each row of the source, and of each that is carried along.
  let target: [Int32], source: [Int32], generated: [Int32]

  /// Those of a rank's rows of the particles, of which copies follow the originals in their order.
  func particles(_ rows: Range<Int>) -> RowLabels { RowLabels(rows.map { source[$0 % source.count] }) }
}
