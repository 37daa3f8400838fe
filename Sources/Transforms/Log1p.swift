import Glibc
import Parameters

/// log(x + 1).
package struct Log1p: Logarithm {
  package static let name = "log1p"
  package var of = Side.both

  package init() {}

  package func apply(toRow row: UnsafeMutablePointer<Double>, columns: Int) -> Bool {
    // Most counts of single cells are zeros.
    for column in 0..<columns where row[column] != 0 { row[column] = log1p(row[column]) }
    return true
  }

  package func invert(row: UnsafeMutablePointer<Double>, columns: Int) {
    for column in 0..<columns { row[column] = expm1(row[column]) }
  }
}
