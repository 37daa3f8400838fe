import Parameters

/// The `stop` section of a deck: whichever comes first; each is optional.
package struct StopSection: Section {
  /// Stop below this mean |grad phi|^2 (eq. 33).
  package var fisherInformation: Double?
  /// Stop below this divergence (eq. 37).
  package var divergence: Double?
  /// Stop this long after the start of the job.
  package var wallTime: TimeLimit?

  package init() {}

  package static let keys: [Key<StopSection>] = [
    .value(
      "divergence", optional: \.divergence, "stop below this divergence", allowed: "a finite number above 0"
    ) { $0 > 0 && $0.isFinite },
    .value(
      "fisher_information", optional: \.fisherInformation, "stop below this mean |grad phi|^2",
      allowed: "a finite number above 0"
    ) { $0 > 0 && $0.isFinite },
    .value("wall_time", optional: \.wallTime, "stop this long after the start of the job"),
  ]
}

/// A time that a deck gives as hours, minutes and seconds.
package struct TimeLimit: KeyValue {
  /// Above 0.
  package let seconds: Double

  package static var wanted: String { "a time above zero as \"h:mm:ss\", such as \"0:55:00\"" }

  package static func read(_ entry: Entry, wanted: String) throws -> TimeLimit {
    let parts = try String.read(entry, wanted: wanted).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = Int(parts[0]), let minutes = Int(parts[1]), let seconds = Int(parts[2]),
      (0...1_000_000).contains(hours), (0..<60).contains(minutes), (0..<60).contains(seconds),
      hours + minutes + seconds > 0
    else { throw entry.mustBe(wanted) }
    return TimeLimit(seconds: Double(3600 * hours + 60 * minutes + seconds))
  }

  package var tree: Tree {
    func padded(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let total = Int(seconds)
    return "\(total / 3600):\(padded(total / 60 % 60)):\(padded(total % 60))".tree
  }
}
