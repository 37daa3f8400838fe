/// Which measure of the divergence D(numerator | reference) points belong to.
enum Measure: Int, CaseIterable {
  case numerator, reference
}

/// The groups of the exact sum of an optimizer step: for every measure the gradient of every tensor, then the objective's
/// numbers; with a penalty its gradient, as if of one measure more, and its sum.
///
/// The tensors of a measure lie as in the network, so its gradient is one array of as many numbers as there are parameters.
struct StepSums {
  /// A number of the objective.
  enum Number: Int, CaseIterable {
    /// phi over the numerator, and over the reference what it is divided by and the derivative with respect to nu.
    case phi, values, slopes
    /// The penalty over both measures.
    case penalty
  }

  private let tensors: [ParameterLayout.Tensor]
  private let hasPenalty: Bool

  init(_ layout: ParameterLayout, hasPenalty: Bool) {
    tensors = layout.tensors
    self.hasPenalty = hasPenalty
  }

  /// The measures, and the penalty's place behind them.
  private var gradients: Int { Measure.allCases.count + (hasPenalty ? 1 : 0) }

  /// The number of the penalty's gradient, where a measure's stands.
  static let penalty = Measure.allCases.count

  /// The sizes of the groups.
  var sizes: [Int] {
    (0..<gradients).flatMap { _ in tensors.map(\.count) } + Number.allCases.prefix(hasPenalty ? 4 : 3).map { _ in 1 }
  }

  /// The first group of a measure's gradient.
  func gradient(of measure: Measure) -> Int { measure.rawValue * tensors.count }

  /// The first group of the penalty's gradient.
  var penaltyGradient: Int { Self.penalty * tensors.count }

  /// The group of a number.
  func group(of number: Number) -> Int { gradients * tensors.count + number.rawValue }

  /// What is summed in a group, in words.
  func quantity(of group: Int) -> String {
    group < self.group(of: .phi)
      ? "the gradient of \(tensors[group % tensors.count].name)" : "phi or its objective"
  }
}
