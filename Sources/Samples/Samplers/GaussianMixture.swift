import Numerics
import Parameters

/// A mixture of isotropic normal distributions: a component is drawn in proportion to the weights, then a point from it.
///
/// A list for `standard_deviation` has one number for each component. The weights need not add up to one.
struct GaussianMixture: Sampler {
  static let name = "gaussian_mixture"

  var dimension = 1
  var means: [[Double]] = []
  var standardDeviation = Coordinates(1)
  var weights: [Double] = []

  init() {}

  static let keys: [Key<GaussianMixture>] = [
    .value(
      "dimension", \.dimension, "the number of coordinates", allowed: "the number of coordinates of the means",
      otherwise: "that of the means"),
    .value(
      "means", \.means, "the components' means",
      allowed: "a list of points, at least one, all with the same number of coordinates, finite", isRequired: true
    ) { means in
      means.allSatisfy { !$0.isEmpty && $0.count == means[0].count && $0.allSatisfy { Float($0).isFinite } }
        && !means.isEmpty
    },
    .positive("standard_deviation", \.standardDeviation, "of all components; a list: one for each component"),
    .value(
      "weights", \.weights, "in proportion to which components are drawn",
      allowed: "a list of finite numbers, not negative and not all zero", otherwise: "all alike"
    ) { $0.allSatisfy { $0 >= 0 } && $0.contains { $0 > 0 } && $0.reduce(0, +).isFinite },
  ]

  mutating func complete(given: Set<String>) throws {
    let coordinates = means[0].count
    if given.contains("dimension"), dimension != coordinates {
      throw KeyError("dimension", "must be the number of coordinates of the means, \(coordinates), not \(dimension)")
    }
    dimension = coordinates
    if let listed = standardDeviation.listed, listed != means.count {
      throw KeyError("standard_deviation", "has \(listed) numbers where there are \(means.count) means")
    }
    if !given.contains("weights") { weights = [Double](repeating: 1, count: means.count) }
    guard weights.count == means.count else {
      throw KeyError("weights", "has \(weights.count) numbers where there are \(means.count) means")
    }
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    let component = stream.category(weights: weights)
    let mean = means[component], deviation = standardDeviation[component]
    for j in 0..<dimension { row[j] = mean[j] + deviation * stream.normal() }
  }
}
