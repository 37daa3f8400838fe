import Numerics
import Parameters

/// The multivariate Student t distribution: location + scale * z / sqrt(chi2 / nu) with a standard normal vector z and one
/// chi-squared number of nu degrees of freedom for the whole row, so coordinates are uncorrelated but not independent.
struct StudentT: Sampler {
  static let name = "student_t"

  var dimension = 1
  var degreesOfFreedom = 1.0
  var location = Coordinates(0)
  var scale = Coordinates(1)

  init() {}

  static let keys: [Key<StudentT>] = [
    .dimension(\.dimension),
    .positive("degrees_of_freedom", \.degreesOfFreedom, "nu: 1 is Cauchy", isRequired: true),
    .value("location", \.location, "the centre"),
    .positive("scale", \.scale, "the scale"),
  ]

  mutating func complete(given: Set<String>) throws {
    dimension = try agreed(
      given.contains("dimension") ? dimension : nil, with: [("location", location), ("scale", scale)])
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    let chiSquared = 2 * stream.gamma(shape: degreesOfFreedom / 2)
    let factor = 1 / (chiSquared / degreesOfFreedom).squareRoot()
    for j in 0..<dimension { row[j] = location[j] + scale[j] * factor * stream.normal() }
  }
}
