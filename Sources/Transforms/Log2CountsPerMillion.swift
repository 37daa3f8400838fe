import Glibc
import Parameters

/// log2(1e6 x / row sum + 1). The inverse gives counts per million: a row's sum is not kept.
package struct Log2CountsPerMillion: Logarithm {
  package static let name = "log2_cpm"
  package var of = Side.both

  package init() {}

  package func apply(toRow row: UnsafeMutablePointer<Double>, columns: Int) -> Bool {
    var sum = 0.0
    for column in 0..<columns { sum += row[column] }
    guard sum > 0 else { return false }
    let factor = 1e6 / sum
    for column in 0..<columns where row[column] != 0 { row[column] = log1p(factor * row[column]) * (1 / Self.ln2) }
    return true
  }

  package func invert(row: UnsafeMutablePointer<Double>, columns: Int) {
    for column in 0..<columns { row[column] = expm1(row[column] * Self.ln2) }
  }

  private static let ln2 = 0.693147180559945309417
}
