import MessagePassing
import Samples

/// The transforms of a deck with what they learnt, the same on every rank: from the original space, in which rows are read, to
/// the space of the flow and back.
///
/// Everything is fitted and applied by the root, in an order of the rows that depends on their number alone; rows of samplers
/// are in the space of the flow already and take no part.
package struct FittedTransforms: Sendable {
  /// A table with what its rows are in the run.
  package typealias Table = (role: SampleSource.Role, table: SharedTable)

  /// How far to go back.
  package enum Extent: Sendable {
    /// To the original space.
    case whole
    /// Only to where the last logarithm left the rows, whosever rows it was for: to the original space where there is none.
    case toLogarithms
  }

  private let names: [String]
  private let stages: [any FittedTransform]
  /// The number of columns before each transform, and after the last.
  private let widths: [Int]
  /// The names of the columns in the original space, where they have names.
  package let originalNames: [String]?

  /// No transforms: rows are in the space of the flow as they are read.
  package static let none = FittedTransforms([], originalDimension: 0, names: nil)

  init(_ stages: [(name: String, stage: any FittedTransform)], originalDimension: Int, names: [String]?) {
    self.names = stages.map(\.name)
    self.stages = stages.map(\.stage)
    widths = stages.reduce(into: [originalDimension]) { $0.append($1.stage.columns(after: $0[$0.count - 1])) }
    originalNames = names
  }

  /// The same with one more.
  func followed(by stage: any FittedTransform, _ name: String) -> FittedTransforms {
    FittedTransforms(
      Array(zip(names, stages)) + [(name, stage)], originalDimension: originalDimension, names: originalNames)
  }

  /// The first of these transforms, up to the last logarithm, whosever rows it is for; none where there is none.
  package var upToLogarithms: FittedTransforms {
    let end = end(of: .toLogarithms)
    return FittedTransforms(
      Array(zip(names[..<end], stages[..<end])), originalDimension: originalDimension, names: originalNames)
  }

  /// Whether rows stay as they are read.
  package var isNone: Bool { stages.isEmpty }
  /// The number of columns in the original space.
  package var originalDimension: Int { widths[0] }
  /// The number of columns in the space of the flow.
  package var dimension: Int { widths[stages.count] }
  /// The names of the columns in the space of the flow, where they have names.
  package var columnNames: [String]? { namesAfter(stages.count) }

  /// The number of columns after the inverse.
  package func dimension(_ extent: Extent) -> Int { widths[end(of: extent)] }
  /// The names of the columns after the inverse, where they have names.
  package func names(_ extent: Extent) -> [String]? { namesAfter(end(of: extent)) }

  /// A Lipschitz constant of the inverse in Euclidean norms, the product of those of the transforms: distances after the inverse
  /// are at most this times those in the space of the flow. Nil where a logarithm is undone.
  package func inverseLipschitz(_ extent: Extent) -> Double? {
    stages[end(of: extent)...].reduce(1) { product, stage in
      stage.inverseLipschitz.flatMap { factor in product.map { $0 * factor } }
    }
  }

  /// What a user should know of the fit, a line each.
  package var summary: [String] { stages.flatMap(\.summary) }

  /// What was learnt, with paths such as `transform/0_standardize/mean`; the deck's list and this are all that
  /// ``init(_:arrays:names:file:)`` needs.
  package var arrays: [TransformArray] {
    let own = stages.indices.flatMap { index in
      stages[index].arrays.map { array in
        TransformArray(Self.path(index, names[index], array.path), shape: array.shape, array.values)
      }
    }
    return isNone ? [] : [TransformArray(Self.dimensionPath, shape: [1], [Double(originalDimension)])] + own
  }

  static let dimensionPath = "transform/original_dimension"

  static func path(_ index: Int, _ name: String, _ array: String) -> String { "transform/\(index)_\(name)/\(array)" }

  private func namesAfter(_ count: Int) -> [String]? {
    stages[..<count].reduce(originalNames) { $1.names(after: $0) }
  }

  /// The first transform that an inverse undoes.
  private func end(of extent: Extent) -> Int {
    extent == .whole ? 0 : (stages.lastIndex { $0.isLogarithm }).map { $0 + 1 } ?? 0
  }

  var widest: Int { widths.max() ?? 0 }
  var isInPlace: Bool { stages.allSatisfy(\.isInPlace) }

  /// The rows of a block for so many columns: some megabytes, and a multiple of the rows that are worked on together.
  static func blockRows(_ columns: Int) -> Int { min(max((1 << 19) / max(columns, 1) / 8 * 8, 8), 1024) }

  /// Puts the rows in `scratch` through all transforms; where they are then.
  func apply(_ scratch: Scratch, count: Int, role: SampleSource.Role, origin: RowOrigin) throws
    -> UnsafeMutablePointer<Double>
  {
    var rows = scratch.rows, other = scratch.other
    for (index, stage) in stages.enumerated() {
      try stage.apply(
        to: RowBlock(
          rows: rows, result: stage.isInPlace ? rows : other, count: count, columns: widths[index], role: role,
          origin: origin
        ))
      if !stage.isInPlace { swap(&rows, &other) }
    }
    return rows
  }

  /// Puts rows of the space of the flow, (count, ``dimension``), back: (count, `dimension(extent)`), which may be the same memory
  /// where there are as many columns. An exact inverse, but for sums that `log2_cpm` forgets; a number that no finite one
  /// belongs to becomes an infinity. On any rank; a row's bits do not depend on the others.
  package func invert(
    _ rows: UnsafePointer<Double>, count: Int, into result: UnsafeMutablePointer<Double>, role: SampleSource.Role,
    _ extent: Extent = .whole
  ) {
    let end = end(of: extent), blockRows = Self.blockRows(widest)
    let scratch = Scratch(min(blockRows, count), self)
    for first in stride(from: 0, to: count, by: blockRows) {
      let block = min(blockRows, count - first)
      var current = scratch.rows, other = scratch.other
      current.update(from: rows + first * dimension, count: block * dimension)
      for index in stages.indices[end...].reversed() {
        let stage = stages[index]
        stage.invert(
          InverseBlock(
            rows: current, result: stage.isInPlace ? current : other, count: block, columns: widths[index], role: role))
        if !stage.isInPlace { swap(&current, &other) }
      }
      (result + first * widths[end]).update(from: current, count: block * widths[end])
    }
  }
}
