import Numerics
import Parameters

/// Uniform on a box: low < x < high in every coordinate.
struct Uniform: Sampler {
  static let name = "uniform"

  let dimension: Int
  let low: Coordinates
  let high: Coordinates

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    low = try values.coordinates(.low, default: 0)
    high = try values.coordinates(.high, default: 1)
    dimension = try values.dimension(.dimension, with: [(.low, low), (.high, high)])
    let compared = max(low.listed ?? 1, high.listed ?? 1)
    for j in 0..<compared where low[j] >= high[j] {
      throw values.error(.high, "must be above low in every coordinate, not \(high[j]) where low is \(low[j])")
    }
  }

  enum CodingKeys: String, CodingKey {
    case dimension, low, high
  }

  func draw(into row: UnsafeMutablePointer<Float>, stream: inout RandomStream) {
    for j in 0..<dimension { row[j] = Float(low[j] + (high[j] - low[j]) * stream.uniform()) }
  }
}
