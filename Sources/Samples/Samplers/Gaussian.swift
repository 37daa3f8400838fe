import Numerics
import Parameters

/// Independent normal coordinates: mean + standard_deviation * z.
struct Gaussian: Sampler {
  static let name = "gaussian"

  let dimension: Int
  let mean: Coordinates
  let standardDeviation: Coordinates

  enum CodingKeys: String, CodingKey {
    case dimension, mean
    case standardDeviation = "standard_deviation"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    mean = try values.coordinates(.mean, default: 0)
    standardDeviation = try values.positiveCoordinates(.standardDeviation, default: 1)
    dimension = try values.dimension(.dimension, with: [(.mean, mean), (.standardDeviation, standardDeviation)])
  }

  func draw(into row: UnsafeMutablePointer<Float>, stream: inout RandomStream) {
    for j in 0..<dimension { row[j] = Float(mean[j] + standardDeviation[j] * stream.normal()) }
  }
}
