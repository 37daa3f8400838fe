import Glibc
import Numerics
import Parameters

/// The two moons of scikit-learn: scale * (p + noise * z), where p is (cos a, sin a) or (1 - cos a, 1/2 - sin a), each for
/// half of the rows, the angle a is uniform on (0, pi) and z is a standard normal vector.
struct TwoMoons: Sampler {
  static let name = "two_moons"

  var noise = 0.0
  var scale = 1.0
  var dimension: Int { 2 }

  init() {}

  static let keys: [Key<TwoMoons>] = [
    .value("noise", \.noise, "the standard deviation of noise", allowed: "a finite number of 0 or above") {
      $0 >= 0 && $0.isFinite
    },
    .positive("scale", \.scale, "the scale"),
  ]

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    let isLower = stream.integer(below: 2) == 1
    let angle = Double.pi * stream.uniform()
    row[0] = scale * ((isLower ? 1 - cos(angle) : cos(angle)) + noise * stream.normal())
    row[1] = scale * ((isLower ? 0.5 - sin(angle) : sin(angle)) + noise * stream.normal())
  }
}
