import Glibc
import Numerics
import Parameters

/// Eight isotropic normal distributions of equal weight around the origin: the centres are at the angles 0, 45, ..., 315
/// degrees of a circle.
///
/// Reference: Grathwohl et al., "FFJORD", ICLR 2019, whose ring is this one with radius 4 and standard deviation 0.5, both
/// divided by sqrt 2.
struct EightGaussians: Sampler {
  static let name = "eight_gaussians"

  var radius = 4.0
  var standardDeviation = 0.5
  var dimension: Int { 2 }

  init() {}

  static let keys: [Key<EightGaussians>] = [
    .positive("radius", \.radius, "the distance of the centres from the origin"),
    .positive("standard_deviation", \.standardDeviation, "of each of the eight, in both coordinates"),
  ]

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    let angle = Double(stream.integer(below: 8)) * Double.pi / 4
    row[0] = radius * cos(angle) + standardDeviation * stream.normal()
    row[1] = radius * sin(angle) + standardDeviation * stream.normal()
  }
}
