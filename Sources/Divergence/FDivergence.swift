import Parameters

/// The convex f of an f-divergence D_f(P|Q) = E_Q[f(dP/dQ)], through its Legendre transform f* on an increasing branch.
///
/// The conjugate is that of f restricted to density ratios of at most `ratioLimit`: beyond the slope where f*' reaches it,
/// f* goes on as a straight line. For a reference of M equally weighted samples no ratio exceeds M, so with that
/// limit the divergence is unchanged, while conjugates whose own domain ends (reverse_kl, jensen_shannon) stay finite and
/// differentiable for every phi.
package protocol FDivergence: Variant {
  /// Where the domain of f* ends; infinity where it does not.
  static var domainEdge: Double { get }
  /// The argument at which f*' is 1: where phi - nu lies when P = Q.
  var centre: Double { get }
  /// f of a density ratio above 0.
  func value(_ ratio: Double) -> Double
  /// f*(y) and its derivative inside the domain.
  func conjugate(_ y: Double) -> (value: Double, slope: Double)
  /// The argument at which f*' reaches a density ratio; infinity where no limit is needed.
  func argument(ofRatio ratio: Double) -> Double
}

extension FDivergence {
  /// f*(y) and its derivative, continued as a straight line from where the slope reaches `edge`'s.
  @inline(__always)
  func conjugate(_ y: Double, linearBeyond edge: Double) -> (value: Double, slope: Double) {
    guard y > edge else { return conjugate(y) }
    let end = conjugate(edge)
    return (end.value + end.slope * (y - edge), end.slope)
  }
}

/// All divergences.
package let divergences: [any FDivergence.Type] = [
  KullbackLeibler.self, AlphaDivergence.self, ReverseKullbackLeibler.self, JensenShannon.self,
]
