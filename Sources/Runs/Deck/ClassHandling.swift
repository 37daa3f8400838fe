/// How the rows of labelled sets move.
package enum ClassHandling: String, CaseIterable, Sendable {
  /// Each class by a flow of its own.
  case separate
  /// All by one flow, whose network has an output for each class.
  case conditional
  /// All rows by one flow; labels only go along to the results.
  case ignored
}
