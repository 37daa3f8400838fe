import Samples
import Storage
import Transforms

extension FittedTransforms {
  /// What was learnt, as a result file has it.
  var namedArrays: NamedArrays { arrays.map { ($0.path, $0.shape, $0.values) } }

  /// Takes moved rows back to the original space. They are as rows of the target there, as it is to these that they were moved.
  var decode: RunFile.Decode { { invert($0, count: $1, into: $2, role: .target) } }
}
