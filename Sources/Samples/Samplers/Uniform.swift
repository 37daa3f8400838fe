import Numerics
import Parameters

/// Uniform on a box: low < x < high in every coordinate.
struct Uniform: Sampler {
  static let name = "uniform"

  var dimension = 1
  var low = Coordinates(0)
  var high = Coordinates(1)

  init() {}

  static let keys: [Key<Uniform>] = [
    .dimension(\.dimension),
    .value("low", \.low, "the lower bounds of the box"),
    .value("high", \.high, "the upper bounds of the box, above the lower"),
  ]

  mutating func complete(given: Set<String>) throws {
    dimension = try agreed(
      given.contains("dimension") ? dimension : nil, with: [("low", low), ("high", high)])
    let compared = max(low.listed ?? 1, high.listed ?? 1)
    for j in 0..<compared where low[j] >= high[j] {
      throw KeyError("high", "must be above low in every coordinate, not \(high[j]) where low is \(low[j])")
    }
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    for j in 0..<dimension { row[j] = low[j] + (high[j] - low[j]) * stream.uniform() }
  }
}
