import Discriminator
import Parameters

/// The `discriminator` section: phi, an L-Lipschitz network R^d -> R.
package struct DiscriminatorSection: Codable, Sendable {
  /// The kind of network.
  package var network: String
  /// The widths of the hidden layers.
  package var hidden: [Int]
  /// The activation of the hidden layers.
  package var activation: any Activation
  /// epsilon of the smooth activations; read with any activation, used with those. `auto` follows the target's diameter.
  package var smoothing: AutomaticNumber
  /// What bounds the Lipschitz constant.
  package var constraint: any Constraint
  /// An .npz file with the weights to start from.
  package var initialWeights: String?

  enum CodingKeys: String, CodingKey {
    case network, hidden, activation, smoothing, constraint
    case initialWeights = "initial_weights"
  }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    network = try variant(
      named: try values.value(.network, default: "dense"), among: ["dense"], nameOf: { $0 }, key: .network, in: values)
    hidden = try values.checked(
      .hidden, default: [32, 32, 32], allowed: "a list of widths, each from 1 to 65536, such as [32, 32, 32]"
    ) { $0.allSatisfy { (1...65536).contains($0) } && $0.count <= 1000 }
    let pair = Self.usual(
      activation: try values.decodeIfPresent(String.self, forKey: .activation),
      constraint: try values.decodeIfPresent(String.self, forKey: .constraint), hidden: hidden)
    let name = pair.activation
    let kind = try variant(named: name, among: activations, nameOf: { $0.name }, key: .activation, in: values)
    activation = try kind.init(from: decoder)
    // Who chooses an activation means one with the number of the literature; the default one follows the data.
    smoothing = try values.smoothing(.smoothing, default: values.contains(.activation) ? .number(0.5) : .automatic)
    if kind.isPaired, let odd = hidden.first(where: { $0 % 2 != 0 }) {
      throw values.error(.hidden, "activation \(name) works on pairs, so each width must be even, not \(odd)")
    }
    constraint = try variant(
      named: pair.constraint, among: constraints, nameOf: { $0.name }, key: .constraint, in: values
    ).init(from: decoder)
    initialWeights =
      try values.decodeIfPresent(String.self, forKey: .initialWeights) == nil
      ? nil : values.path(.initialWeights)
  }

  /// Activation and constraint, what is absent chosen to go with what is there: the pair of docs/defaults.md, orthonormal
  /// with smooth_max_min, where nothing speaks for the paper's, spectral with relu. Odd widths do, as pairs need even ones.
  private static func usual(
    activation: String?, constraint: String?, hidden: [Int]
  ) -> (activation: String, constraint: String) {
    let activation =
      activation
      ?? (hidden.allSatisfy { $0 % 2 == 0 } && constraint != Spectral.name && constraint != Frobenius.name
        ? SmoothMaxMin.name : ReLU.name)
    let isPaired = activations.first { $0.name == activation }?.isPaired ?? false
    return (activation, constraint ?? (isPaired ? Orthonormal.name : Spectral.name))
  }

  /// Writes every key, defaults filled in.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(network, forKey: .network)
    try values.encode(hidden, forKey: .hidden)
    try values.encode(type(of: activation).name, forKey: .activation)
    try values.encode(smoothing, forKey: .smoothing)
    try values.encode(type(of: constraint).name, forKey: .constraint)
    try values.encodeIfPresent(initialWeights, forKey: .initialWeights)
  }
}
