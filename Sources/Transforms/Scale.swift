import Parameters

/// Every number times a factor.
package struct Scale: Transform, FittedTransform {
  package static let name = "scale"
  package static let mainKey: String? = "factor"
  var factor = 1.0

  package init() {}

  package static let keys: [Key<Scale>] = [
    .value(
      "factor", \.factor, "what every number is multiplied by", allowed: "a finite number that is not 0",
      isRequired: true
    ) { $0 != 0 && (1 / $0).isFinite && $0.isFinite }
  ]

  package var inverseLipschitz: Double? { 1 / abs(factor) }
  package var arrays: [TransformArray] { [TransformArray("factor", shape: [1], [factor])] }

  package func fit(to rows: TransformedRows) throws -> any FittedTransform { self }
  package func restored(from arrays: StoredArrays, columns: Int) throws -> any FittedTransform { self }

  package func apply(to block: RowBlock) throws {
    for i in 0..<block.count * block.columns { block.rows[i] *= factor }
  }

  package func invert(_ rows: InverseBlock) {
    for i in 0..<rows.count * rows.columns { rows.rows[i] /= factor }
  }
}
