import Parameters

/// The `divergence` section of a deck: D_f^L(P | Q), eq. 4 of the paper.
package struct DivergenceSection: Section {
  /// The f-divergence.
  package var f: any FDivergence = KullbackLeibler()
  /// How it is written as a supremum.
  package var formulation = Formulation.donskerVaradhan
  /// Which measure stands first.
  package var direction = Direction.forward
  /// L, above 0; `auto` follows the target's diameter.
  package var lipschitz = AutomaticNumber.automatic

  package init() {}

  package static let keys: [Key<DivergenceSection>] = keys(divergences: divergences)

  /// The keys for a list of divergences.
  package static func keys(divergences: [any FDivergence.Type]) -> [Key<DivergenceSection>] {
    [
      .variant("f", \.f, "the f-divergence", among: divergences),
      .choice(
        "formulation", \.formulation, "how it is written as a supremum: legendre trains the shift nu as well",
        otherwise: "donsker_varadhan with f: kl, else legendre"),
      .choice("direction", \.direction, "forward: D(P|Q), particles first; reverse: D(Q|P)"),
      .automatic(
        "lipschitz", \.lipschitz, "L, the bound of |grad phi|; auto: 0.5 / diameter; .inf lifts it",
        allowed: "\(SinglePrecision.allowed), .inf"
      ) { $0 == .infinity || SinglePrecision.holds($0) },
    ]
  }

  package mutating func complete(given: Set<String>) throws {
    guard !(f is KullbackLeibler) else { return }
    if !given.contains("formulation") { formulation = .legendre }
    if formulation == .donskerVaradhan {
      throw KeyError(
        "formulation", "donsker_varadhan belongs to f: kl; with f: \(type(of: f).name) use legendre, or leave it out")
    }
  }
}
