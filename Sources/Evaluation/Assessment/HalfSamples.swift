import Numerics

/// Standard errors by half-sampling: a figure of random halves of all sets, drawn without replacement, varies about as much as
/// that of whole ones does from sample to sample (the delete-d jackknife with d = n/2; Shao and Wu 1989). Resampling with
/// replacement would make copies, which metrics of neighbours are about.
struct HalfSamples {
  /// How many halves.
  static let count = 10

  /// The standard errors of a metric's quantities, nil for those that a half has no value of. Collective.
  static func standardErrors(of metric: any SampleMetric, _ pair: SamplePair) throws -> [Double?] {
    var figures: [[Double?]] = []
    for replicate in 0..<count {
      figures.append(try metric.measure(half(pair, replicate)).map(\.value))
    }
    return figures[0].indices.map { quantity in
      let values = figures.compactMap { $0[quantity] }
      guard values.count == count, values.allSatisfy(\.isFinite) else { return nil }
      let centre = mean(values)
      return (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(count - 1)).squareRoot()
    }
  }

  private static func half(_ pair: SamplePair, _ replicate: Int) -> SamplePair {
    pair.thinned(
      a: max(pair.a.rows / 2, 1), b: max(pair.b.rows / 2, 1), heldOut: max((pair.heldOut?.rows ?? 0) / 2, 1),
      index: 100 + 3 * replicate)
  }
}
