import Foundation
import Testing
import Transforms

extension TransformsSuite {
  @Suite struct ElementwiseTests {
    @Test func logarithmOfCountsPerMillion() throws {
      let made = try Transformed("[log2_cpm]", source: [[1, 3, 0], [0, 0, 7]], target: [[2, 2, 4]])
      #expect(distance(made.tables[0], [[log2(250001), log2(750001), 0], [0, 0, log2(1000001)]]) < 1e-12)
      #expect(distance(made.tables[1], [[log2(250001), log2(250001), log2(500001)]]) < 1e-12)
      #expect(distance(made.back(0, as: .source), [[250000, 750000, 0], [0, 0, 1e6]]) < 1e-8)
    }

    @Test func logarithmOfOneSide() throws {
      let source: Rows = [[0, 1], [1e-9, 1e6]], target: Rows = [[-3, 5]]
      let made = try Transformed("[{log1p: {of: source}}]", source: source, target: target, further: [[7, 8]])
      #expect(distance(made.tables[0], [[0, log(2)], [1e-9, log1p(1e6)]]) < 1e-15)
      #expect(made.tables[1] == target)
      #expect(distance(made.tables[2], [[log(8), log(9)]]) < 1e-15)
      #expect(distance(made.back(0, as: .source), source) < 1e-8)
      #expect(made.back(1, as: .target) == target)
      #expect(abs(made.back(0, as: .source)[1][0] / 1e-9 - 1) < 1e-14)
      #expect(try Transformed("[log1p: {of: target}]", source: target, target: source).tables[0] == target)
    }

    @Test func standardizesOverBothSides() throws {
      let source = normals(300, 3, key: 1).map { [5 + $0[0], 1e6 + 1e-2 * $0[1], 0.1] }
      let target = normals(200, 3, key: 2).map { [-5 + $0[0], 1e6 + 1e-2 * $0[1], 0.1] }
      let made = try Transformed("[standardize]", source: source, target: target)
      for column in 0..<2 {
        let all = (source + target).map { $0[column] }, mean = all.reduce(0, +) / 500
        let deviation = (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 500).squareRoot()
        let expected = all.map { ($0 - mean) / deviation }
        let found = (made.tables[0] + made.tables[1]).map { $0[column] }
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
      }
      #expect(made.tables.joined().allSatisfy { $0[2] == 0 })
      #expect(distance(made.back(0, as: .source), source) < 1e-9)
      #expect(inverse(made.fitted, [[0, 0, 3]], as: .source)[0][2] == made.back(0, as: .source)[0][2])
      #expect(made.fitted.summary.count == 1)
      #expect(made.fitted.summary[0].contains("1 of 3 columns are constant"))
    }

    @Test func scales() throws {
      let made = try Transformed("[scale: 0.25]", source: [[1, 2]], target: [[-8, 0]])
      #expect(made.tables == [[[0.25, 0.5]], [[-2, 0]]])
      #expect(made.back(1, as: .target) == [[-8, 0]])
      #expect(made.fitted.inverseLipschitz(.whole) == 4)
    }

    @Test func furtherTablesAreNotFittedTo() throws {
      let source = normals(20, 4, key: 1), target = normals(30, 4, key: 2), further = normals(5, 4, key: 3)
      for list in ["[standardize]", "[pca: {components: 2}]"] {
        let with = try Transformed(list, source: source, target: target, further: further)
        let without = try Transformed(list, source: source, target: target)
        #expect(with.fitted.arrays == without.fitted.arrays)
        #expect(with.tables[2].count == 5 && with.tables[2][0].count == with.fitted.dimension)
      }
    }

    @Test func wrongNumbersAreNamed() throws {
      let good: Rows = [[1, 2], [3, 4]]
      for name in ["log1p", "log2_cpm"] {
        let text = message {
          try Transformed("[\(name)]", source: good, target: [[1, 1], [2, -0.5]], names: ["TP53", "MYC"])
        }
        #expect(text.hasPrefix("b.csv: row 2, column 'MYC' is -0.5: \(name) "))
      }
      let text = message { try Transformed("[log2_cpm]", source: [[1, 2], [0, 0]], target: good) }
      #expect(text.hasPrefix("a.csv: row 2 has no number above 0"))
      #expect(try Transformed("[log1p]", source: [[1, 2], [0, 0]], target: good).tables[0][1] == [0, 0])
      #expect(
        message { try Transformed("[log1p]", source: good, target: [[1, 2, 3]]) }.hasPrefix("b.csv: has 3 columns"))
    }
  }
}
