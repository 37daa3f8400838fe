import Numerics
import Parameters

/// The Student t distribution: location + scale * z / sqrt(chi2 / nu) with a standard normal vector z and chi-squared numbers
/// of nu degrees of freedom.
///
/// One chi-squared number for the whole row gives the multivariate distribution, whose coordinates are uncorrelated but not
/// independent; one for each coordinate gives independent ones, whose far rows lie along the axes.
struct StudentT: Sampler {
  static let name = "student_t"

  var dimension = 1
  var degreesOfFreedom = 1.0
  var location = Coordinates(0)
  var scale = Coordinates(1)
  var isIndependent = false

  init() {}

  static let keys: [Key<StudentT>] = [
    .dimension(\.dimension),
    .positive("degrees_of_freedom", \.degreesOfFreedom, "nu: 1 is Cauchy", isRequired: true),
    .value("location", \.location, "the centre"),
    .positive("scale", \.scale, "the scale"),
    .value("independent", \.isIndependent, "independent coordinates in place of the multivariate distribution"),
  ]

  mutating func complete(given: Set<String>) throws {
    dimension = try agreed(
      given.contains("dimension") ? dimension : nil, with: [("location", location), ("scale", scale)])
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    var factor = isIndependent ? 0 : self.factor(&stream)
    for j in 0..<dimension {
      if isIndependent { factor = self.factor(&stream) }
      row[j] = location[j] + scale[j] * factor * stream.normal()
    }
  }

  private func factor(_ stream: inout RandomStream) -> Double {
    let chiSquared = 2 * stream.gamma(shape: degreesOfFreedom / 2)
    return 1 / (chiSquared / degreesOfFreedom).squareRoot()
  }
}
