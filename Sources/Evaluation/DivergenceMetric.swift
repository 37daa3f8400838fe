import Discriminator
import Divergence
import Numerics

/// The Lipschitz-regularized divergence of A from B, as `gpa-mpi divergence A B` brackets it with its defaults.
package struct DivergenceMetric: SampleMetric {
  package static let name = "divergence"
  package static let meaning = """
    D_f^L(A|B) for f = kl and L = 1 in the data's unit, as gpa-mpi divergence A B gives it: divergence, the largest lower \
    bound, and divergence_upper (Gu et al., eq. 4); taken only where it is asked for
    """
  package static let isUsual = false

  package init() {}

  package static func seconds(_ counts: SetCounts) -> Double {
    let pairs = min(Double(counts.a) * Double(counts.b), Double(DivergenceBracket.mostPairs))
    return 4e-3 * Double(counts.a + counts.b) + 1e-5 * pairs
  }

  package func measure(_ pair: SamplePair) throws -> [Quantity] {
    var training = Training()
    training.resetMoments = false
    let settings = DivergenceBracket.Settings(
      divergence: KullbackLeibler(), formulation: .donskerVaradhan, lipschitz: 1,
      architecture: Dense(hidden: [32, 32, 32], activation: MaxMin()), constraint: Orthonormal(), training: training,
      seed: 0)
    let upper = "divergence_upper"
    guard pair.unit <= DivergenceBracket.mostReach else {
      return [Self.name, upper].map { Quantity($0, nil, remark: "the rows spread too far for L = 1") }
    }
    let found = try DivergenceBracket.measure(pair.a, pair.b, unit: pair.unit, settings, on: pair.communicator)
    let remark =
      found.isSmall
      ? "no plan with a finite cost was found" : "for up to \(DivergenceBracket.mostPairs) pairs of rows"
    return [
      Quantity(Self.name, found.lower), Quantity(upper, found.upper, remark: found.upper == nil ? remark : nil),
    ]
  }
}
