import Foundation
import Testing
import Transforms

extension TransformsSuite {
  @Suite struct PrincipalComponentsTests {
    /// Principal axes and singular values of rows less their mean, by one-sided Jacobi rotations of columns.
    private func reference(_ rows: Rows, _ count: Int) -> (mean: [Double], axes: Rows, values: [Double]) {
      let columns = rows[0].count
      let mean = (0..<columns).map { c in rows.reduce(0) { $0 + $1[c] } / Double(rows.count) }
      var a = (0..<columns).map { c in rows.map { $0[c] - mean[c] } }
      var v = (0..<columns).map { c in (0..<columns).map { $0 == c ? 1.0 : 0 } }
      func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
      for _ in 0..<30 {
        for p in 0..<columns {
          for q in p + 1..<columns {
            let app = dot(a[p], a[p]), aqq = dot(a[q], a[q]), apq = dot(a[p], a[q])
            guard abs(apq) > 1e-15 * (app * aqq).squareRoot() else { continue }
            let zeta = (aqq - app) / (2 * apq), sign = zeta < 0 ? -1.0 : 1
            let t = sign / (abs(zeta) + (1 + zeta * zeta).squareRoot()), c = 1 / (1 + t * t).squareRoot(), s = c * t
            func rotate(_ m: inout Rows) {
              (m[p], m[q]) = (
                zip(m[p], m[q]).map { c * $0 - s * $1 }, zip(m[p], m[q]).map { s * $0 + c * $1 }
              )
            }
            rotate(&a)
            rotate(&v)
          }
        }
      }
      let norms = a.map { dot($0, $0).squareRoot() }
      let order = norms.indices.sorted { norms[$0] > norms[$1] }.prefix(count)
      let axes = order.map { index in
        let largest = v[index].max { abs($0) < abs($1) } ?? 0
        return v[index].map { largest < 0 ? -$0 : $0 }
      }
      return (mean, axes, order.map { norms[$0] })
    }

    private func check(rows: Int, columns: Int, components: Int) throws {
      let all = normals(rows, columns, key: 7).map { row in
        row.enumerated().map { 3 + $1 / Double(1 + $0) + 0.3 * row[0] }
      }
      let cut = rows / 3, source = Array(all[..<cut]), target = Array(all[cut...])
      let made = try Transformed("[pca: {components: \(components)}]", source: source, target: target)
      let (mean, axes, values) = reference(all, components)
      let arrays = Dictionary(uniqueKeysWithValues: made.fitted.arrays.map { ($0.path, $0) })
      let found = try #require(arrays["transform/0_pca/components"])
      #expect(found.shape == [components, columns])
      #expect(zip(found.values, axes.joined()).allSatisfy { abs($0 - $1) < 1e-9 })
      for k in 0..<components {
        let axis = found.values[k * columns..<(k + 1) * columns]
        #expect(try #require(axis.max { abs($0) < abs($1) }) > 0)
        for other in 0...k {
          let product = zip(axis, found.values[other * columns..<(other + 1) * columns]).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - (other == k ? 1 : 0)) < 1e-14)
        }
      }
      let variances = try #require(arrays["transform/0_pca/explained_variance"]).values
      for (variance, value) in zip(variances, values) {
        #expect(abs(variance * Double(rows - 1) / (value * value) - 1) < 1e-9)
      }
      let scores = all.map { row in axes.map { zip(zip(row, mean), $0).reduce(0) { $0 + ($1.0.0 - $1.0.1) * $1.1 } } }
      #expect(distance(made.tables[0] + made.tables[1], scores) < 1e-9)
      let whitened = try Transformed(
        "[pca: {components: \(components), whiten: true}]", source: source, target: target)
      let deviations = variances.map { $0.squareRoot() }
      #expect(distance(whitened.tables.flatMap { $0 }, scores.map { zip($0, deviations).map { $0 / $1 } }) < 1e-8)
      #expect(distance(whitened.back(0, as: .source), made.back(0, as: .source)) < 1e-12)
      #expect(whitened.fitted.inverseLipschitz(.whole) == deviations[0])
      #expect(made.fitted.inverseLipschitz(.whole) == 1)
    }

    @Test func fewerRowsThanColumns() throws { try check(rows: 15, columns: 23, components: 6) }
    @Test func moreRowsThanColumns() throws { try check(rows: 200, columns: 9, components: 4) }
    @Test func asManyAsColumns() throws { try check(rows: 40, columns: 9, components: 9) }
    /// More blocks of rows than one.
    @Test func manyRows() throws { try check(rows: 3000, columns: 5, components: 3) }

    @Test func theShareOfTheVarianceIsTold() throws {
      let made = try Transformed(
        "[pca: {components: 1}]", source: [[3, 0], [-3, 0]], target: [[0, 1], [0, -1]])
      #expect(made.fitted.summary == ["pca: 1 of 2 components hold 90.0% of the variance"])
    }

    @Test func whatCannotBeIsNamed() throws {
      let few = normals(2, 30, key: 1), more = normals(3, 30, key: 2)
      #expect(
        message { try Transformed("[pca: {components: 6}]", source: few, target: more) }
          .hasPrefix("pca: 6 components are asked for, but 5 rows of 30 columns have at most 5;"))
      #expect(
        message { try Transformed("[pca: {components: 5}]", source: few, target: more) }
          .contains("the rows vary in 4 directions only"))
      #expect(try Transformed("[pca: {components: 4}]", source: few, target: more).fitted.dimension == 4)
      for columns in [2, 9] {
        let same = [[Double]](repeating: [Double](repeating: 0.1, count: columns), count: 3)
        #expect(
          message { try Transformed("[pca: {components: 1}]", source: same, target: same) }
            .hasPrefix("pca: all 6 rows are equal"))
      }
    }
  }
}
