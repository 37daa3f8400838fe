import Glibc
import Numerics
import Parameters

/// The swiss roll of scikit-learn: scale * ((t cos t, 21 v, t sin t) + noise * z) with t = 1.5 pi (1 + 2 u), where u and v
/// are uniform on (0, 1) and z is a standard normal vector.
struct SwissRoll: Sampler {
  static let name = "swiss_roll"

  var noise = 0.0
  var scale = 1.0
  var dimension: Int { 3 }

  init() {}

  static let keys: [Key<SwissRoll>] = [
    .value("noise", \.noise, "the standard deviation of noise", allowed: "a finite number of 0 or above") {
      $0 >= 0 && $0.isFinite
    },
    .positive("scale", \.scale, "the scale"),
  ]

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    let t = 1.5 * Double.pi * (1 + 2 * stream.uniform())
    let height = 21 * stream.uniform()
    row[0] = scale * (t * cos(t) + noise * stream.normal())
    row[1] = scale * (height + noise * stream.normal())
    row[2] = scale * (t * sin(t) + noise * stream.normal())
  }
}
