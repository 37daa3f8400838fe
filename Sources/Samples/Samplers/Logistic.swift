import Glibc
import Numerics
import Parameters

/// Independent logistic coordinates: mean + scale * log(u / (1 - u)); variance (pi * scale)^2 / 3.
struct Logistic: Sampler {
  static let name = "logistic"

  var dimension = 1
  var mean = Coordinates(0)
  var scale = Coordinates(1)

  init() {}

  static let keys: [Key<Logistic>] = [
    .dimension(\.dimension),
    .value("mean", \.mean, "the mean"),
    .positive("scale", \.scale, "the scale"),
  ]

  mutating func complete(given: Set<String>) throws {
    dimension = try agreed(
      given.contains("dimension") ? dimension : nil, with: [("mean", mean), ("scale", scale)])
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    for j in 0..<dimension {
      let u = stream.uniform()
      row[j] = mean[j] + scale[j] * (log(u) - log1p(-u))
    }
  }
}
