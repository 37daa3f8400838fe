import Parameters

/// How phi is trained before every velocity evaluation: the `training` section of a deck.
package struct Training: Codable, Sendable {
  /// The optimizer.
  package let optimizer: OptimizerKind
  /// Its learning rate.
  package let learningRate: Double
  /// Optimizer steps per training.
  package let iterations: Int
  /// Whether the moments start from zero at every training.
  package let resetMoments: Bool

  enum CodingKeys: String, CodingKey {
    case optimizer, iterations
    case learningRate = "learning_rate"
    case resetMoments = "reset_moments"
  }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.value(.optimizer, default: OptimizerKind.adam.rawValue)
    optimizer = try variant(
      named: name, among: OptimizerKind.allCases, nameOf: \.rawValue, key: .optimizer, in: values)
    learningRate = try values.positive(.learningRate, default: 1e-2)
    iterations = try values.count(.iterations, default: 3)
    resetMoments = try values.value(.resetMoments, default: true)
  }

  /// Writes every key, defaults filled in.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(optimizer, forKey: .optimizer)
    try values.encode(learningRate, forKey: .learningRate)
    try values.encode(iterations, forKey: .iterations)
    try values.encode(resetMoments, forKey: .resetMoments)
  }
}
