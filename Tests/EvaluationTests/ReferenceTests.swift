import Evaluation
import Numerics
import Testing

/// Distances beside those of other implementations, which `reference.py` prints.
@Suite(.serialized) struct ReferenceTests {
  /// What is known of two sets of ``points(_:_:key:shift:)`` with the keys 1 and 2, the second one shifted.
  struct Case: Sendable, CustomTestStringConvertible {
    let first: Int, second: Int, dimension: Int, shift: Float
    /// W2 squared: POT's network simplex, and SciPy's assignment where the counts are equal.
    let exact: Double
    /// The debiased Sinkhorn divergence at a cost of |x - y|^2 / 2: of POT's iterations until they end, and of GeomLoss with
    /// the scaling 0.999 and with its own, 0.5.
    let converged: Double, slowly: Double, byDefault: Double
    /// SciPy's distances in the definitions.
    let bandwidth: Double, discrepancy: Double, energy: Double

    init(
      _ first: Int, _ second: Int, _ dimension: Int, shift: Float, exact: Double, converged: Double, slowly: Double,
      byDefault: Double, bandwidth: Double, discrepancy: Double, energy: Double
    ) {
      (self.first, self.second, self.dimension, self.shift) = (first, second, dimension, shift)
      (self.exact, self.converged, self.slowly, self.byDefault) = (exact, converged, slowly, byDefault)
      (self.bandwidth, self.discrepancy, self.energy) = (bandwidth, discrepancy, energy)
    }

    var testDescription: String { "\(first) and \(second) points in \(dimension) dimensions" }
    var a: Matrix { points(first, dimension, key: 1) }
    var b: Matrix { points(second, dimension, key: 2, shift: shift) }
  }

  static let cases = [
    Case(
      50, 50, 1, shift: 0.0, exact: 0.0118566610362, converged: 0.00544607831007,
      slowly: 0.00544596782606, byDefault: 0.00383687353575, bandwidth: 0.551444590092,
      discrepancy: -0.00946762538731, energy: -0.0154937082894),
    Case(
      64, 64, 3, shift: 0.3, exact: 0.784405804019, converged: 0.360572173732,
      slowly: 0.360571841161, byDefault: 0.354638544595, bandwidth: 1.32692183801,
      discrepancy: 0.127850062701, energy: 0.328612989388),
    Case(
      60, 45, 2, shift: 0.5, exact: 0.62695462455, converged: 0.299574644376,
      slowly: 0.299574483349, byDefault: 0.297228573924, bandwidth: 1.0621837119,
      discrepancy: 0.16866834745, energy: 0.371475770461),
    Case(
      97, 101, 8, shift: 0.1, exact: 1.9418056034, converged: 0.756450635197,
      slowly: 0.756450146988, byDefault: 0.761982395057, bandwidth: 2.35480545656,
      discrepancy: 0.0141403741587, energy: 0.0572790626122),
    Case(
      300, 200, 50, shift: 0.2, exact: 23.5038959648, converged: 8.52495259819,
      slowly: 8.52495271915, byDefault: 8.53646518376, bandwidth: 5.84234762658,
      discrepancy: 0.0348221324941, energy: 0.338601525103),
  ]

  @Test(arguments: cases)
  func exact(known: Case) throws {
    let found = try measure(ExactWasserstein(), known.a, known.b)
    #expect(agree(found["exact_w2_squared"]?.value, known.exact, 1e-9), "\(found)")
    #expect(agree(found["exact_w2"]?.value, known.exact.squareRoot(), 1e-9))
  }

  /// GeomLoss makes an iteration at each blur and so has not converged with its own scaling: by 0.1% to 2%, and by a third
  /// for two sets of one distribution.
  @Test(arguments: cases)
  func sinkhorn(known: Case) throws {
    let found = try measure(SinkhornWasserstein(), known.a, known.b)
    #expect(agree(found["sinkhorn_geomloss"]?.value, known.converged, 2e-4), "\(found)")
    #expect(agree(found["sinkhorn_geomloss"]?.value, known.slowly, 2e-4), "\(found)")
    #expect(agree(found["sinkhorn_geomloss"]?.value, known.byDefault, known.shift > 0 ? 0.02 : 0.5), "\(found)")
    #expect(agree(found["sinkhorn_w2_squared"]?.value, 2 * known.converged, 2e-4))
    #expect(found.values.allSatisfy { $0.remark == nil })
  }

  /// Means over pairs are added up in float64, of squared distances in float32.
  @Test(arguments: cases)
  func meansOverPairs(known: Case) throws {
    let kernel = try measure(MaximumMeanDiscrepancy(), known.a, known.b)
    #expect(agree(kernel["mmd_bandwidth"]?.value, known.bandwidth))
    let squared = try #require(kernel["mmd_squared"]?.value)
    #expect(abs(squared - known.discrepancy) < 1e-7, "\(squared)")
    #expect(agree(kernel["mmd"]?.value, max(known.discrepancy, 0).squareRoot(), 1e-5))
    let energy = try #require(try measure(EnergyDistance(), known.a, known.b)["energy_distance"]?.value)
    #expect(abs(energy - known.energy) < 1e-7 * known.bandwidth, "\(energy)")
  }
}
