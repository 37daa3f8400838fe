import Evaluation
import Foundation
import Numerics
import Testing

/// Entropic transport where plain iterations are slow, and of more samples than those of the first potentials.
@Suite(.serialized) struct SinkhornTests {
  /// Samples in clusters of these sizes along a line, far apart for the blur.
  private func clusters(_ sizes: [Int], key: UInt64) -> Matrix {
    let rows = points(sizes.reduce(0, +), 2, key: key)
    var row = 0
    for (cluster, size) in sizes.enumerated() {
      for _ in 0..<size {
        rows[row, 0] += 4 * Float(cluster)
        row += 1
      }
    }
    return rows
  }

  /// OT at a cost of |x - y|^2 / 2 by so many plain iterations in float64.
  private func entropic(_ a: Matrix, _ b: Matrix, _ epsilon: Double) -> Double {
    func potential(_ x: Matrix, _ y: Matrix, _ other: [Double]) -> [Double] {
      (0..<x.rows).map { i in
        let exponents = (0..<y.rows).map { j in
          let distance = Sets.distance(x, i, y, j)
          return (other[j] - distance * distance / 2) / epsilon
        }
        let top = exponents.max() ?? 0
        return -epsilon * (top + log(exponents.reduce(0) { $0 + exp($1 - top) } / Double(y.rows)))
      }
    }
    var f = [Double](repeating: 0, count: a.rows), g = [Double](repeating: 0, count: b.rows)
    for _ in 0..<4000 {
      f = potential(a, b, g)
      g = potential(b, a, f)
    }
    return f.reduce(0, +) / Double(f.count) + g.reduce(0, +) / Double(g.count)
  }

  @Test func clustersOfOtherWeights() throws {
    let a = clusters([9, 5, 8], key: 11), b = clusters([6, 10, 7], key: 12)
    let found = try measure(SinkhornWasserstein(), a, b), blur = try #require(found["sinkhorn_blur"]?.value)
    let epsilon = blur * blur
    let known = entropic(a, b, epsilon) - (entropic(a, a, epsilon) + entropic(b, b, epsilon)) / 2
    #expect(agree(found["sinkhorn_geomloss"]?.value, known, 2e-4), "\(found) \(known)")
    #expect(found["sinkhorn_w2"]?.remark == nil)
  }

  /// Of 6000 samples some thousand are taken first, many of them equal.
  @Test func copiesChangeNothing() throws {
    func repeated(_ rows: Matrix) -> Matrix { rows.rows((0..<6000).map { $0 % rows.rows }) }
    let a = clusters([30, 30, 15], key: 13), b = clusters([20, 20, 20], key: 14)
    let once = try #require(try measure(SinkhornWasserstein(), a, b)["sinkhorn_w2"]?.value)
    let more = try measure(SinkhornWasserstein(), repeated(a), repeated(b))["sinkhorn_w2"]
    #expect(agree(more?.value, once, 2e-4) && more?.remark == nil, "\(once) \(String(describing: more))")
  }
}
