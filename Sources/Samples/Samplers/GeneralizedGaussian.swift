import Glibc
import Numerics
import Parameters

/// Independent generalized normal coordinates with density proportional to exp(-(|x - mean| / scale)^shape): shape 2 is
/// normal with variance scale^2 / 2, shape 1 is Laplace. Drawn as mean +- scale * gamma(1 / shape)^(1 / shape).
struct GeneralizedGaussian: Sampler {
  static let name = "generalized_gaussian"

  let dimension: Int
  let mean: Coordinates
  let scale: Coordinates
  let shape: Double

  enum CodingKeys: String, CodingKey {
    case dimension, mean, scale, shape
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    mean = try values.coordinates(.mean, default: 0)
    scale = try values.positiveCoordinates(.scale, default: 1)
    shape = try values.positive(.shape)
    dimension = try values.dimension(.dimension, with: [(.mean, mean), (.scale, scale)])
  }

  func draw(into row: UnsafeMutablePointer<Float>, stream: inout RandomStream) {
    for j in 0..<dimension {
      let distance = pow(stream.gamma(shape: 1 / shape), 1 / shape)
      let sign: Double = stream.uniform() < 0.5 ? -1 : 1
      row[j] = Float(mean[j] + scale[j] * sign * distance)
    }
  }
}
