import Numerics
import Parameters

/// A mixture of isotropic normal distributions: a component is drawn in proportion to the weights, then a point from it.
///
/// A list for `standard_deviation` has one number for each component. The weights need not add up to one.
struct GaussianMixture: Sampler {
  static let name = "gaussian_mixture"

  let dimension: Int
  let means: [[Double]]
  let standardDeviation: Coordinates
  let weights: [Double]

  enum CodingKeys: String, CodingKey {
    case dimension, means, weights
    case standardDeviation = "standard_deviation"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let means = try values.decode([[Double]].self, forKey: .means)
    self.means = means
    guard let first = means.first, !first.isEmpty, means.allSatisfy({ $0.count == first.count }) else {
      throw values.error(.means, "must be a list of points, at least one, all with the same number of coordinates")
    }
    guard means.allSatisfy({ $0.allSatisfy { Float($0).isFinite } }) else {
      throw values.error(.means, "must hold finite numbers")
    }
    dimension = try values.checked(
      .dimension, default: first.count, allowed: "the number of coordinates of the means, \(first.count)"
    ) { $0 == first.count }
    standardDeviation = try values.positiveCoordinates(.standardDeviation, default: 1)
    if let listed = standardDeviation.listed, listed != means.count {
      throw values.error(.standardDeviation, "has \(listed) numbers where there are \(means.count) means")
    }
    weights = try values.value(.weights, default: [Double](repeating: 1, count: means.count))
    guard weights.count == means.count else {
      throw values.error(.weights, "has \(weights.count) numbers where there are \(means.count) means")
    }
    guard weights.allSatisfy({ $0 >= 0 }), weights.contains(where: { $0 > 0 }), weights.reduce(0, +).isFinite else {
      throw values.error(.weights, "must be finite, not negative and not all zero")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(dimension, forKey: .dimension)
    try values.encode(means, forKey: .means)
    try values.encode(standardDeviation, forKey: .standardDeviation)
    try values.encode(weights, forKey: .weights)
  }

  func draw(into row: UnsafeMutablePointer<Float>, stream: inout RandomStream) {
    let component = stream.category(weights: weights)
    let mean = means[component], deviation = standardDeviation[component]
    for j in 0..<dimension { row[j] = Float(mean[j] + deviation * stream.normal()) }
  }
}
