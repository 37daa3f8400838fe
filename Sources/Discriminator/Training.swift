import Parameters

/// The `training` section of a deck: how phi is trained before every velocity evaluation.
package struct Training: Section {
  package var optimizer = OptimizerKind.adam
  /// The length of an optimizer step, above 0.
  package var learningRate = 0.01
  /// Optimizer steps per training.
  package var iterations = 3
  /// Whether the deck says them.
  private var hasOwnIterations = false
  /// Whether the moments start from zero at every training.
  package var resetMoments = true
  /// The probability with which a hidden unit drops out of an iteration, from 0 to below 1.
  package var dropout = 0.0
  /// Optimizer steps before the first move; nil until it is known what the default is.
  package var warmUp: AutomaticNumber?

  package init() {}

  package static let keys: [Key<Training>] = [
    .choice("optimizer", \.optimizer, "what makes a step from a gradient; sgd: plain ascent"),
    .value(
      "learning_rate", \.learningRate, "the length of an optimizer step", allowed: SinglePrecision.allowed
    ) { SinglePrecision.holds($0) },
    .value(
      "iterations", \.iterations, "optimizer steps before every velocity evaluation", allowed: "a whole number above 0",
      otherwise: "3; 6 for the rows of a file"
    ) { $0 > 0 },
    .value("reset_moments", \.resetMoments, "whether the optimizer's moments start from zero at every training"),
    .value(
      "dropout", \.dropout,
      "the probability with which a hidden unit drops out of an iteration of training; never of the velocity",
      allowed: "a number of 0 or above, below 1"
    ) { $0 >= 0 && $0 < 1 },
    .value(
      "warm_up", optional: \.warmUp, "optimizer steps before the first move; auto: until the divergence stops rising",
      allowed: "a whole number of 0 or above or auto", otherwise: "auto; 0 with initial_weights"
    ) { if case .number(let number) = $0 { (0...1e9).contains(number) && number == number.rounded() } else { true } },
  ]

  package mutating func complete(given: Set<String>) throws { hasOwnIterations = given.contains("iterations") }

  /// Takes so many iterations where the deck says none.
  package mutating func preferIterations(_ count: Int) {
    if !hasOwnIterations { iterations = count }
  }
}
