import Numerics
import Parameters

/// The `cross_validation` section: the fold of the target that a run keeps back, untouched, for what is judged afterwards.
package struct CrossValidationSection: Section {
  /// The parts of the target.
  package var folds = 5
  /// The part that is kept back, from 1.
  package var fold = 1

  package init() {}

  package func complete(given: Set<String>) throws {
    guard fold <= folds else { throw KeyError("fold", "is \(fold), and there are \(folds) folds") }
  }

  package static let keys: [Key<CrossValidationSection>] = [
    .value("folds", \.folds, "the parts of the target, of each class alike", allowed: "a whole number above 1") {
      $0 > 1
    },
    .value(
      "fold", \.fold, "the part that nothing is trained on nor stopped by, held_out in run.h5",
      allowed: "a whole number above 0, at most folds"
    ) { $0 > 0 },
  ]

  /// The places among `count` rows that are kept back, ascending. The folds of one seed are disjoint and hold all rows.
  func places(among count: Int, seed: UInt64) -> [Int] {
    var stream = RandomNumbers(seed: seed, purpose: .excerpt).stream(1), order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, stream.integer(below: last + 1)) }
    return stride(from: fold - 1, to: count, by: folds).map { order[$0] }.sorted()
  }
}
