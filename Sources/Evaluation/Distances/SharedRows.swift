import MessagePassing
import Numerics

extension Communicator {
  /// A number for each of `count` rows, which the ranks share: each computes those of its own rows into the place that it
  /// is given, and all have all of them afterwards. A row's number must not depend on what rows it is computed with.
  /// Collective.
  func shareRows(
    _ count: Int, _ body: (_ rows: Range<Int>, _ numbers: UnsafeMutablePointer<Double>) -> Void
  ) throws -> [Double] {
    var numbers = [Double](repeating: 0, count: count)
    try numbers.withUnsafeMutableBufferPointer { all in
      guard let start = all.baseAddress else { return }
      let own = count * rank / size..<count * (rank + 1) / size
      body(own, start + own.lowerBound)
      // Every number has one addend that is not zero.
      try allReduce(all, .sum)
    }
    return numbers
  }
}
