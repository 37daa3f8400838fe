import Parameters
import Samples

/// What happens to rows before the flow and is undone for the results, as a deck asks for it.
///
/// `fit` runs on the root alone, on the rows as the transforms before it leave them; ``FittedTransforms`` does the rest.
package protocol Transform: ListedVariant {
  /// Learns from the rows of source and target what it needs. Throws a ``TransformError`` or a `MemoryError`.
  func fit(to rows: TransformedRows) throws -> any FittedTransform
  /// The same as ``FittedTransform/arrays`` of it say, for rows of so many columns. Throws a ``TransformError``.
  func restored(from arrays: StoredArrays, columns: Int) throws -> any FittedTransform
}

/// A transform that can be applied and undone. Rows are float64, row after row without gaps.
package protocol FittedTransform: Sendable {
  /// How many columns it makes of so many.
  func columns(after columns: Int) -> Int
  /// The names of the columns that it makes.
  func names(after names: [String]?) -> [String]?
  /// Whether rows are replaced where they are, which needs as many columns after as before.
  var isInPlace: Bool { get }
  /// Replaces rows by what it makes of them. Throws a ``TransformError`` for rows that it is not defined for.
  func apply(to block: RowBlock) throws
  /// Puts back what rows were of which it made these.
  func invert(_ rows: InverseBlock)
  /// Whether it is a logarithm, for some of the rows; else it is affine.
  var isLogarithm: Bool { get }
  /// The Lipschitz constant of its inverse in Euclidean norms; nil where there is none.
  var inverseLipschitz: Double? { get }
  /// What was learnt, by names that are unique within it; a name is one part of a path.
  var arrays: [TransformArray] { get }
  /// What a user should know of it, a line each.
  var summary: [String] { get }
}

extension FittedTransform {
  package func columns(after columns: Int) -> Int { columns }
  package func names(after names: [String]?) -> [String]? { names }
  package var isInPlace: Bool { true }
  package var isLogarithm: Bool { false }
  package var arrays: [TransformArray] { [] }
  package var summary: [String] { [] }
}

/// Rows of one table that a transform works on.
package struct RowBlock {
  /// The rows, (count, columns); they may be overwritten.
  package let rows: UnsafeMutablePointer<Double>
  /// Where the new rows go; the same memory for a transform in place.
  let result: UnsafeMutablePointer<Double>
  let count: Int
  let columns: Int
  /// What the rows are in the run.
  let role: SampleSource.Role
  /// Where they come from, for messages.
  let origin: RowOrigin
}

/// Rows in the space of a transform that go back to the one before.
package struct InverseBlock {
  /// The rows; they may be overwritten.
  package let rows: UnsafeMutablePointer<Double>
  /// Where the old rows go, (count, columns); the same memory for a transform in place.
  let result: UnsafeMutablePointer<Double>
  let count: Int
  /// The columns before the transform.
  let columns: Int
  /// What the rows are in the run.
  let role: SampleSource.Role
}

/// An array of what a transform has learnt, row-major.
package struct TransformArray: Sendable, Equatable {
  /// Its path, whose parts slashes divide.
  package var path: String
  package let shape: [Int]
  package let values: [Double]

  package init(_ path: String, shape: [Int], _ values: [Double]) {
    self.path = path
    self.shape = shape
    self.values = values
  }
}

extension Key where Root: Section {
  /// The list of transforms of a deck.
  package static func transforms(
    _ name: String, _ path: WritableKeyPath<Root, [any Transform]> & Sendable,
    among list: [any Transform.Type] = Transforms.transforms
  ) -> Key {
    .variants(
      name, path, "what happens to the rows of files before the flow and is undone for the results, in this order",
      among: list)
  }
}

/// All transforms, in the order of messages.
package let transforms: [any Transform.Type] = [
  Log2CountsPerMillion.self, Log1p.self, Standardize.self, PrincipalComponents.self, Scale.self,
]
