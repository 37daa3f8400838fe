import Numerics
import Parameters

/// The multivariate Student t distribution: location + scale * z / sqrt(chi2 / nu) with a standard normal vector z and one
/// chi-squared number of nu degrees of freedom for the whole row, so coordinates are uncorrelated but not independent.
struct StudentT: Sampler {
  static let name = "student_t"

  let dimension: Int
  let degreesOfFreedom: Double
  let location: Coordinates
  let scale: Coordinates

  enum CodingKeys: String, CodingKey {
    case dimension, location, scale
    case degreesOfFreedom = "degrees_of_freedom"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    degreesOfFreedom = try values.positive(.degreesOfFreedom)
    location = try values.coordinates(.location, default: 0)
    scale = try values.positiveCoordinates(.scale, default: 1)
    dimension = try values.dimension(.dimension, with: [(.location, location), (.scale, scale)])
  }

  func draw(into row: UnsafeMutablePointer<Float>, stream: inout RandomStream) {
    let chiSquared = 2 * stream.gamma(shape: degreesOfFreedom / 2)
    let factor = 1 / (chiSquared / degreesOfFreedom).squareRoot()
    for j in 0..<dimension { row[j] = Float(location[j] + scale[j] * factor * stream.normal()) }
  }
}
