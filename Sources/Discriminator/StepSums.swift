/// Which measure of the divergence D(numerator | reference) points belong to.
enum Measure: Int, CaseIterable {
  case numerator, reference
}

/// The groups of the exact sum of an optimizer step: for every measure the gradient of every tensor, then the objective's
/// numbers.
///
/// The tensors of a measure lie as in the network, so its gradient is one array of as many numbers as there are parameters.
struct StepSums {
  /// A number of the objective.
  enum Number: Int, CaseIterable {
    /// phi over the numerator, and over the reference what it is divided by and the derivative with respect to nu.
    case phi, values, slopes
  }

  private let tensors: [ParameterLayout.Tensor]

  init(_ layout: ParameterLayout) { tensors = layout.tensors }

  /// The sizes of the groups.
  var sizes: [Int] {
    Measure.allCases.flatMap { _ in tensors.map(\.count) } + Number.allCases.map { _ in 1 }
  }

  /// The first group of a measure's gradient.
  func gradient(of measure: Measure) -> Int { measure.rawValue * tensors.count }

  /// The group of a number.
  func group(of number: Number) -> Int { Measure.allCases.count * tensors.count + number.rawValue }

  /// What is summed in a group, in words.
  func quantity(of group: Int) -> String {
    group < self.group(of: .phi)
      ? "the gradient of \(tensors[group % tensors.count].name)" : "phi or its objective"
  }
}
