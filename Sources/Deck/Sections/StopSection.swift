import Parameters

/// The `stop` section: whichever comes first; each is optional.
package struct StopSection: Codable, Sendable {
  /// Stop below this mean |grad phi|^2 (eq. 33).
  package var fisherInformation: Double?
  /// Stop below this divergence (eq. 37).
  package var divergence: Double?
  /// Stop this long after the start of the job, in seconds.
  package var wallTime: Double?

  enum CodingKeys: String, CodingKey {
    case divergence
    case fisherInformation = "fisher_information"
    case wallTime = "wall_time"
  }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func tolerance(_ key: CodingKeys) throws -> Double? {
      guard try values.decodeIfPresent(Double.self, forKey: key) != nil else { return nil }
      return try values.positive(key)
    }
    fisherInformation = try tolerance(.fisherInformation)
    divergence = try tolerance(.divergence)
    wallTime = try values.decodeIfPresent(String.self, forKey: .wallTime).map { text in
      guard let seconds = Self.seconds(text) else {
        throw values.error(.wallTime, "must be a time above zero as \"h:mm:ss\", such as \"0:55:00\", not '\(text)'")
      }
      return seconds
    }
  }

  /// Writes every key, defaults filled in.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(fisherInformation, forKey: .fisherInformation)
    try values.encodeIfPresent(divergence, forKey: .divergence)
    try values.encodeIfPresent(wallTime.map(Self.text), forKey: .wallTime)
  }

  static func seconds(_ text: String) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = Int(parts[0]), let minutes = Int(parts[1]), let seconds = Int(parts[2]),
      (0...1_000_000).contains(hours), (0..<60).contains(minutes), (0..<60).contains(seconds)
    else { return nil }
    let total = 3600 * hours + 60 * minutes + seconds
    return total > 0 ? Double(total) : nil
  }

  static func text(_ seconds: Double) -> String {
    func padded(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let total = Int(seconds)
    return "\(total / 3600):\(padded(total / 60 % 60)):\(padded(total % 60))"
  }
}
