import Glibc

/// Seconds on a clock that never jumps.
package func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Seconds spent in each phase of a run by this rank.
package final class Timings {
  /// The phases of a run that are told apart.
  package enum Phase: Int, CaseIterable, Sendable {
    case training, allReduce, normalisation, velocity, output, total

    /// The phase's name in tables and files.
    package var name: String {
      switch self {
      case .allReduce: "all_reduce"
      default: "\(self)"
      }
    }
  }

  /// One phase over all ranks, in seconds.
  package struct Summary: Sendable {
    /// The phase.
    package let phase: Phase
    /// The least time of any rank.
    package let minimum: Double
    /// The mean over ranks.
    package let mean: Double
    /// The most time of any rank.
    package let maximum: Double
  }

  private var seconds = [Double](repeating: 0, count: Phase.allCases.count)

  /// No time spent yet.
  package init() {}

  /// Adds the time that a body takes to a phase.
  @inline(__always)
  package func measure<T>(_ phase: Phase, _ body: () throws -> T) rethrows -> T {
    let start = monotonicSeconds()
    defer { seconds[phase.rawValue] += monotonicSeconds() - start }
    return try body()
  }

  /// The seconds of a phase on this rank.
  package subscript(phase: Phase) -> Double { seconds[phase.rawValue] }

  /// Minimum, mean and maximum over ranks of every phase. Collective.
  package func summary(on communicator: Communicator) throws -> [Summary] {
    var least = seconds, sum = seconds, most = seconds
    try least.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .minimum) }
    try sum.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .sum) }
    try most.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .maximum) }
    return Phase.allCases.map {
      let i = $0.rawValue
      return Summary(phase: $0, minimum: least[i], mean: sum[i] / Double(communicator.size), maximum: most[i])
    }
  }
}
