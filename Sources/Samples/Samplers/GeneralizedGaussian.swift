import Glibc
import Numerics
import Parameters

/// Independent generalized normal coordinates with density proportional to exp(-(|x - mean| / scale)^shape): shape 2 is
/// normal with variance scale^2 / 2, shape 1 is Laplace. Drawn as mean +- scale * gamma(1 / shape)^(1 / shape).
struct GeneralizedGaussian: Sampler {
  static let name = "generalized_gaussian"

  var dimension = 1
  var mean = Coordinates(0)
  var scale = Coordinates(1)
  var shape = 2.0

  init() {}

  static let keys: [Key<GeneralizedGaussian>] = [
    .dimension(\.dimension),
    .value("mean", \.mean, "the mean"),
    .positive("scale", \.scale, "the scale"),
    .positive("shape", \.shape, "the exponent of the density: 2 is normal, 1 is Laplace", isRequired: true),
  ]

  mutating func complete(given: Set<String>) throws {
    dimension = try agreed(
      given.contains("dimension") ? dimension : nil, with: [("mean", mean), ("scale", scale)])
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    for j in 0..<dimension {
      let distance = pow(stream.gamma(shape: 1 / shape), 1 / shape)
      let sign: Double = stream.uniform() < 0.5 ? -1 : 1
      row[j] = mean[j] + scale[j] * sign * distance
    }
  }
}
