import Divergence
import Parameters

/// The `divergence` section: D_f^L(P | Q), eq. 4 of the paper.
package struct DivergenceSection: Codable, Sendable {
  /// The f-divergence.
  package var f: any FDivergence
  /// The order of the alpha divergence; read with any f, used with alpha.
  package var alpha: Double
  /// How it is written as a supremum.
  package var formulation: Formulation
  /// Which measure stands first.
  package var direction: Direction
  /// L; `auto` follows the target's diameter.
  package var lipschitz: AutomaticNumber

  enum CodingKeys: String, CodingKey { case f, alpha, formulation, direction, lipschitz }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.value(.f, default: KullbackLeibler.name)
    let kind = try variant(named: name, among: divergences, nameOf: { $0.name }, key: .f, in: values)
    f = try kind.init(from: decoder)
    alpha = try AlphaDivergence(from: decoder).alpha
    let usual = kind == KullbackLeibler.self ? Formulation.donskerVaradhan : .legendre
    let formulationName = try values.value(.formulation, default: usual.rawValue)
    formulation = try variant(
      named: formulationName, among: Formulation.allCases, nameOf: \.rawValue, key: .formulation, in: values)
    if formulation == .donskerVaradhan, kind != KullbackLeibler.self {
      throw values.error(
        .formulation, "donsker_varadhan belongs to f: kl; with f: \(name) use legendre, or leave it out")
    }
    let directionName = try values.value(.direction, default: Direction.forward.rawValue)
    direction = try variant(
      named: directionName, among: Direction.allCases, nameOf: \.rawValue, key: .direction, in: values)
    lipschitz = try values.automatic(.lipschitz, default: .automatic, allowed: "a number above 0, .inf") { $0 > 0 }
  }

  /// Writes every key, defaults filled in.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(type(of: f).name, forKey: .f)
    try values.encode(alpha, forKey: .alpha)
    try values.encode(formulation, forKey: .formulation)
    try values.encode(direction, forKey: .direction)
    try values.encode(lipschitz, forKey: .lipschitz)
  }
}
