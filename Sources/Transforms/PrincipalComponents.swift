import MessagePassing
import Numerics
import Parameters

/// The coordinates of rows along the directions in which those of source and target together vary most, their mean taken off; what
/// they are without the others comes back. Signs and variances are those of scikit-learn's PCA (``PrincipalAxes``).
package struct PrincipalComponents: Transform {
  package static let name = "pca"
  private var components = 50
  private var whiten = false

  package init() {}

  package static let keys: [Key<PrincipalComponents>] = [
    .value("components", \.components, "how many components are kept", allowed: "a whole number above 0") { $0 > 0 },
    .value("whiten", \.whiten, "divides every component by its standard deviation"),
  ]

  package func fit(to rows: TransformedRows) throws -> any FittedTransform {
    guard components <= min(rows.count, rows.columns) else {
      throw TransformError.tooManyComponents(asked: components, rows: rows.count, columns: rows.columns)
    }
    try MemoryBounds.require(
      PrincipalAxes.bytes(rows: rows.count, columns: rows.columns, atMost: components, blockRows: rows.blockRows),
      for: "the principal components of \(rows.count) rows of \(rows.columns) columns",
      advice: "leave out columns that vary little, or use a machine with more memory")
    let found = try PrincipalAxes.fit(
      rows: rows.count, columns: rows.columns, atMost: components, blockRows: rows.blockRows
    ) { range, memory in try rows.read(range, into: memory) }
    guard let found else { throw TransformError.noComponents }
    guard !found.variances.isEmpty else { throw TransformError.constant(rows: rows.count) }
    guard found.variances.count == components else {
      throw TransformError.tooFewDirections(asked: components, directions: found.variances.count)
    }
    return Fitted(
      mean: found.mean, axes: found.axes, variances: found.variances, totalVariance: found.totalVariance, whiten: whiten
    )
  }

  package func restored(from arrays: StoredArrays, columns: Int) throws -> any FittedTransform {
    let variances = try arrays.values("explained_variance", shape: [components])
    guard variances.allSatisfy({ $0 > 0 }) else {
      throw arrays.wrong("explained_variance", "holds a number that is not above 0")
    }
    return Fitted(
      mean: try arrays.values("mean", shape: [columns]),
      axes: try arrays.values("components", shape: [components, columns]), variances: variances,
      totalVariance: try arrays.values("total_variance", shape: [1])[0], whiten: whiten)
  }

  struct Fitted: FittedTransform {
    let mean: [Double]
    /// (components, columns)
    let axes: [Double]
    let variances: [Double]
    let totalVariance: Double
    /// The standard deviations that components are divided by; nil where they are not.
    private let deviations: [Double]?

    init(mean: [Double], axes: [Double], variances: [Double], totalVariance: Double, whiten: Bool) {
      self.mean = mean
      self.axes = axes
      self.variances = variances
      self.totalVariance = totalVariance
      deviations = whiten ? variances.map { $0.squareRoot() } : nil
    }

    var isInPlace: Bool { false }
    var inverseLipschitz: Double? { deviations?.max() ?? 1 }
    var arrays: [TransformArray] {
      [
        TransformArray("mean", shape: [mean.count], mean),
        TransformArray("components", shape: [variances.count, mean.count], axes),
        TransformArray("explained_variance", shape: [variances.count], variances),
        TransformArray("total_variance", shape: [1], [totalVariance]),
      ]
    }
    var summary: [String] {
      let tenths = Int((1000 * variances.reduce(0, +) / totalVariance).rounded())
      return [
        "\(PrincipalComponents.name): \(variances.count) of \(mean.count) components hold \(tenths / 10).\(tenths % 10)% of the "
          + "variance"
      ]
    }

    func columns(after columns: Int) -> Int { variances.count }
    func names(after names: [String]?) -> [String]? { variances.indices.map { "PC\($0 + 1)" } }

    func apply(to block: RowBlock) throws {
      for index in 0..<block.count {
        let row = block.rows + index * block.columns
        for column in 0..<block.columns { row[column] -= mean[column] }
      }
      BLAS.multiply(
        block.rows, transposed: axes, into: block.result, m: block.count, n: variances.count, k: block.columns)
      forEachScore(of: block.result, block.count) { $0 /= $1 }
    }

    func invert(_ rows: InverseBlock) {
      forEachScore(of: rows.rows, rows.count) { $0 *= $1 }
      RowSums.add(
        rows.rows, count: rows.count, of: axes, terms: variances.count, columns: rows.columns, to: mean,
        into: rows.result)
    }

    /// Calls a body with every score and the deviation of its component, where components are divided by them.
    private func forEachScore(
      of rows: UnsafeMutablePointer<Double>, _ count: Int, _ body: (inout Double, Double) -> Void
    ) {
      guard let deviations else { return }
      for index in 0..<count {
        let row = rows + index * deviations.count
        for (k, deviation) in deviations.enumerated() { body(&row[k], deviation) }
      }
    }
  }
}
