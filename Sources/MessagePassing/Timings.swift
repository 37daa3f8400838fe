import Glibc

/// Seconds on a clock that never jumps.
package func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// Seconds spent in each phase of a run by this rank. Who does the work of a phase names it.
package final class Timings {
  /// A phase and the seconds spent in it.
  package final class Phase {
    /// The phase's name in tables and files.
    package let name: String
    fileprivate var seconds = 0.0

    fileprivate init(_ name: String) { self.name = name }

    /// Adds the time that a body takes.
    @inline(__always)
    package func measure<T>(_ body: () throws -> T) rethrows -> T {
      let start = monotonicSeconds()
      defer { seconds += monotonicSeconds() - start }
      return try body()
    }
  }

  /// One phase over all ranks, in seconds.
  package struct Summary: Sendable {
    /// The phase's name.
    package let name: String
    package let minimum: Double
    package let mean: Double
    package let maximum: Double

    /// A phase with all its numbers.
    package init(name: String, minimum: Double, mean: Double, maximum: Double) {
      self.name = name
      self.minimum = minimum
      self.mean = mean
      self.maximum = maximum
    }
  }

  private var phases: [Phase] = []

  /// No time spent yet.
  package init() {}

  /// The names of all phases, in the order in which they were first asked for.
  package var names: [String] { phases.map(\.name) }

  /// The phase of a name. All ranks ask for the same ones in the same order.
  package func phase(_ name: String) -> Phase {
    if let found = phases.first(where: { $0.name == name }) { return found }
    phases.append(Phase(name))
    return phases[phases.count - 1]
  }

  /// The whole, and what of it no other phase has: the phases beside the whole add up to it.
  package static let total = "total", other = "other"

  /// Minimum, mean and maximum over ranks of every phase. Collective.
  package func summary(on communicator: Communicator) throws -> [Summary] {
    var seconds = phases.map(\.seconds)
    if let other = names.firstIndex(of: Self.other), let total = names.firstIndex(of: Self.total) {
      let parts = seconds.indices.reduce(0) { $1 == other || $1 == total ? $0 : $0 + seconds[$1] }
      seconds[other] = max(0, seconds[total] - parts)
    }
    var least = seconds, sum = seconds, most = seconds
    try least.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .minimum) }
    try sum.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .sum) }
    try most.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .maximum) }
    return phases.indices.map { i in
      Summary(name: names[i], minimum: least[i], mean: sum[i] / Double(communicator.size), maximum: most[i])
    }
  }
}
