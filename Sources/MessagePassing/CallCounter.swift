import Glibc
import Synchronization

/// A count of the collective calls that a process has arrived at in a group. Ranks of the group with different counts are
/// at different places of the program; a watchdog may look from another thread.
package final class CallCounter: Sendable {
  private let number = Atomic<Int>(0)

  /// The calls so far.
  package var count: Int { number.load(ordering: .relaxed) }

  func increase() { number.add(1, ordering: .relaxed) }
}

/// A collective call as a rank is about to make it.
struct CollectiveCall: BitwiseCopyable, Equatable {
  /// The kinds of calls.
  enum Kind: Int {
    case barrier, allReduce, broadcast, gather, split, sharedMemory, sharedSum
  }

  let kind: Kind
  let count: Int

  /// Whether every collective call is compared beforehand: `GPA_CHECK_COLLECTIVES=1`, for finding mistakes.
  static let areCompared = getenv("GPA_CHECK_COLLECTIVES").map { String(cString: $0) == "1" } ?? false

  /// What is wrong where the ranks are about to make different calls; nil where they agree.
  static func disagreement(among calls: [CollectiveCall]) -> String? {
    guard let first = calls.first, calls.contains(where: { $0 != first }) else { return nil }
    var groups: [(call: CollectiveCall, ranks: [Int])] = []
    for (rank, call) in calls.enumerated() {
      if let i = groups.firstIndex(where: { $0.call == call }) {
        groups[i].ranks.append(rank)
      } else {
        groups.append((call, [rank]))
      }
    }
    return groups.map { "\(rankList($0.ranks)) in \($0.call.kind) with the count \($0.call.count)" }.joined(
      separator: ", ")
  }
}

extension Communicator {
  /// Notes that this rank is about to make a collective call and, where that is asked for, compares it with the calls of
  /// the others: where they differ, all throw.
  @inline(__always)
  func arrive(at kind: CollectiveCall.Kind, count: Int) throws {
    calls.increase()
    if CollectiveCall.areCompared { try compare(CollectiveCall(kind: kind, count: count)) }
  }

  private func compare(_ call: CollectiveCall) throws {
    guard let text = CollectiveCall.disagreement(among: try gatherUnchecked(call)) else { return }
    throw MPIError(function: "the comparison of collective calls", text: text)
  }
}

/// Ranks for people: "rank 3", "ranks 0, 2 and 5 to 7".
package func rankList(_ ranks: [Int]) -> String {
  var runs: [ClosedRange<Int>] = []
  for rank in ranks.sorted() {
    if let last = runs.last, last.upperBound + 1 == rank {
      runs[runs.count - 1] = last.lowerBound...rank
    } else {
      runs.append(rank...rank)
    }
  }
  let parts = runs.flatMap { run in
    run.count > 2 ? ["\(run.lowerBound) to \(run.upperBound)"] : run.map { "\($0)" }
  }
  guard let last = parts.last, ranks.count > 1 else { return "rank " + parts.joined() }
  return "ranks " + (parts.count == 1 ? last : parts.dropLast().joined(separator: ", ") + " and " + last)
}
