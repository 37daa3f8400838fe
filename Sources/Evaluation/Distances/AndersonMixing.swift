/// Anderson's acceleration of a fixed-point iteration x <- G(x) (Anderson 1965; Walker and Ni 2011): the next x is the affine
/// combination of the last images G(x) at which the residuals G(x) - x, were they linear in x, would be the shortest.
struct AndersonMixing {
  /// The earlier points that count.
  private static let memory = 5
  /// The damping of nearly dependent residuals, as a part of their mean square.
  private static let damping = 1e-10

  private var images: [[Double]] = [], residuals: [[Double]] = []

  /// Forgets the earlier points.
  mutating func reset() {
    images = []
    residuals = []
  }

  /// The next point after `point`, of which `image` is G.
  mutating func next(after point: [Double], image: [Double]) -> [Double] {
    images = images.suffix(Self.memory) + [image]
    residuals = residuals.suffix(Self.memory) + [zip(image, point).map { $0 - $1 }]
    let last = residuals.count - 1
    guard last > 0 else { return image }
    let steps = (0..<last).map { i in zip(residuals[i + 1], residuals[i]).map { $0 - $1 } }
    var matrix = steps.map { row in steps.map { Self.product(row, $0) } }
    let trace = (0..<last).reduce(0) { $0 + matrix[$1][$1] }
    guard trace > 0 else { return image }
    for i in 0..<last { matrix[i][i] += Self.damping * trace }
    let factors = Self.solution(of: matrix, steps.map { Self.product($0, residuals[last]) })
    var result = image
    for i in 0..<last {
      for j in result.indices { result[j] -= factors[i] * (images[i + 1][j] - images[i][j]) }
    }
    return result
  }

  static func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Of a positive definite system, by elimination.
  private static func solution(of matrix: [[Double]], _ right: [Double]) -> [Double] {
    let size = right.count
    var rows = zip(matrix, right).map { $0 + [$1] }
    for k in 0..<size {
      for i in k + 1..<size {
        let factor = rows[i][k] / rows[k][k]
        for j in k...size { rows[i][j] -= factor * rows[k][j] }
      }
    }
    var result = right
    for i in (0..<size).reversed() {
      let known = (i + 1..<size).reduce(0) { $0 + rows[i][$1] * result[$1] }
      result[i] = (rows[i][size] - known) / rows[i][i]
    }
    return result
  }
}
