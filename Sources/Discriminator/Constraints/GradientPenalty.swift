import Parameters

/// No bound by the weights: what phi's slope has beyond L is charged to the objective instead, weight times the mean of
/// (|grad phi| - L)_+^2 over particles and targets (one-sided; Gulrajani et al., "Improved training of Wasserstein GANs", 2017;
/// Petzka, Fischer, Lukovnikov 2018). phi may still be steeper than L, more so between and beyond the samples.
package struct GradientPenalty: Constraint {
  package static let name = "gradient_penalty"

  /// The factor, in the data's unit.
  package var weight = 10.0

  package init() {}

  package static let keys: [Key<GradientPenalty>] = [
    .value(
      "weight", \.weight,
      "this times the mean of (|grad phi| - L)_+^2 over particles and targets is taken from the objective",
      allowed: SinglePrecision.allowed
    ) { SinglePrecision.holds($0) }
  ]

  package func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Free() }

  package var penalty: Double? { weight }

  package func inUnit(_ unit: Double) -> any Constraint {
    var scaled = self
    scaled.weight = weight / unit / unit
    return scaled
  }

  private final class Free: MatrixConstraint {}
}
