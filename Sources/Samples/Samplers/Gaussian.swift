import Numerics
import Parameters

/// Independent normal coordinates: mean + standard_deviation * z.
struct Gaussian: Sampler {
  static let name = "gaussian"

  var dimension = 1
  var mean = Coordinates(0)
  var standardDeviation = Coordinates(1)

  init() {}

  static let keys: [Key<Gaussian>] = [
    .dimension(\.dimension),
    .value("mean", \.mean, "the mean"),
    .positive("standard_deviation", \.standardDeviation, "the standard deviation"),
  ]

  mutating func complete(given: Set<String>) throws {
    dimension = try agreed(
      given.contains("dimension") ? dimension : nil, with: [("mean", mean), ("standard_deviation", standardDeviation)])
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    for j in 0..<dimension { row[j] = mean[j] + standardDeviation[j] * stream.normal() }
  }
}
