import Numerics
import Parameters

/// Every column with mean 0 and standard deviation 1 over the rows of source and target together. Deviations are those of a
/// population (divided by n), as of scikit-learn's StandardScaler; a constant column becomes 0.
package struct Standardize: Transform {
  package static let name = "standardize"

  package init() {}

  package func fit(to rows: TransformedRows) throws -> any FittedTransform {
    var moments = ColumnMoments(columns: rows.columns)
    try rows.forEachBlock { block, count in moments.add(block, rows: count) }
    return Fitted(mean: moments.mean, deviations: moments.deviations)
  }

  package func restored(from arrays: StoredArrays, columns: Int) throws -> any FittedTransform {
    Fitted(
      mean: try arrays.values("mean", shape: [columns]),
      deviations: try arrays.values("standard_deviation", shape: [columns]))
  }

  struct Fitted: FittedTransform {
    let mean: [Double]
    /// 0 for a constant column.
    let deviations: [Double]
    private let factors: [Double]

    init(mean: [Double], deviations: [Double]) {
      self.mean = mean
      self.deviations = deviations
      factors = deviations.map { $0 > 0 ? 1 / $0 : 0 }
    }

    var inverseLipschitz: Double? { deviations.max() ?? 0 }
    var arrays: [TransformArray] {
      [
        TransformArray("mean", shape: [mean.count], mean),
        TransformArray("standard_deviation", shape: [mean.count], deviations),
      ]
    }
    var summary: [String] {
      let constants = deviations.indices.filter { deviations[$0] == 0 }, zeros = constants.count { mean[$0] == 0 }
      guard !constants.isEmpty else { return [] }
      return [
        "\(Standardize.name): \(constants.count) of \(mean.count) columns are constant\(zeros > 0 ? ", \(zeros) of them 0" : "")"
          + "; they become 0 and come back as they were"
      ]
    }

    func apply(to block: RowBlock) throws {
      mean.withUnsafeBufferPointer { mean in
        factors.withUnsafeBufferPointer { factors in
          for index in 0..<block.count {
            let row = block.rows + index * block.columns
            for column in 0..<block.columns { row[column] = (row[column] - mean[column]) * factors[column] }
          }
        }
      }
    }

    func invert(_ rows: InverseBlock) {
      mean.withUnsafeBufferPointer { mean in
        deviations.withUnsafeBufferPointer { deviations in
          for index in 0..<rows.count {
            let row = rows.rows + index * rows.columns
            for column in 0..<rows.columns { row[column] = mean[column] + row[column] * deviations[column] }
          }
        }
      }
    }
  }
}
