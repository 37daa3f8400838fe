import Glibc
import Numerics
import Parameters

/// Independent logistic coordinates: mean + scale * log(u / (1 - u)); variance (pi * scale)^2 / 3.
struct Logistic: Sampler {
  static let name = "logistic"

  let dimension: Int
  let mean: Coordinates
  let scale: Coordinates

  enum CodingKeys: String, CodingKey {
    case dimension, mean, scale
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    mean = try values.coordinates(.mean, default: 0)
    scale = try values.positiveCoordinates(.scale, default: 1)
    dimension = try values.dimension(.dimension, with: [(.mean, mean), (.scale, scale)])
  }

  func draw(into row: UnsafeMutablePointer<Float>, stream: inout RandomStream) {
    for j in 0..<dimension {
      let u = stream.uniform()
      row[j] = Float(mean[j] + scale[j] * (log(u) - log1p(-u)))
    }
  }
}
