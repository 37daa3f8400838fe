import Flows

/// D_f^L(P|Q) (eq. 4 of the paper) at the beginning of the step: as evaluated before the last optimizer step of the first
/// training of that step, a lower bound.
final class Divergence: Observable {
  static let column = "divergence"
  let columns = [column]

  func values(_ measured: Measured) -> [Double] { [(measured.flow.field as? TrainedField)?.divergence ?? .nan] }
}
