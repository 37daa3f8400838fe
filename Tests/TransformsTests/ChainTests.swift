import Foundation
import MessagePassing
import Parameters
import Samples
import Testing
import Transforms
import YAML

extension TransformsSuite {
  @Suite struct ChainTests {
    private let source = counts(30, 12, key: 1).map { $0.map { $0 + 1 } }
    private let target = counts(40, 12, key: 2).map { $0.map { $0 + 1 } }

    @Test func whatIsAppliedComesBack() throws {
      for list in [
        "[log1p, standardize, {scale: 0.1}]", "[standardize, {pca: {components: 12}}, {scale: -3}]",
        "[log1p, standardize, {pca: {components: 12, whiten: true}}, standardize]",
        "[{pca: {components: 12}}, {pca: {components: 12, whiten: true}}]",
      ] {
        let made = try Transformed(list, source: source, target: target)
        #expect(distance(made.back(0, as: .source), source) < 1e-10, "\(list)")
        #expect(distance(made.back(1, as: .target), target) < 1e-10, "\(list)")
      }
    }

    @Test func theInverseStopsAtTheLastLogarithm() throws {
      let made = try Transformed(
        "[log1p, standardize, {pca: {components: 12}}, {scale: 2}]", source: source, target: target)
      let logarithms = source.map { $0.map { log1p($0) } }
      #expect(distance(made.back(0, as: .source, .toLogarithms), logarithms) < 1e-12)
      #expect(made.fitted.dimension(.toLogarithms) == 12)
      #expect(made.fitted.inverseLipschitz(.whole) == nil)
      let deviations = try #require(
        made.fitted.arrays.first { $0.path == "transform/1_standardize/standard_deviation" })
      #expect(made.fitted.inverseLipschitz(.toLogarithms) == deviations.values.max().map { $0 / 2 })
      let without = try Transformed("[standardize, {scale: 2}]", source: source, target: target)
      #expect(without.back(0, as: .source, .toLogarithms) == without.back(0, as: .source))
    }

    @Test func theInverseIsNoLongerThanItsBound() throws {
      for list in ["[standardize, {pca: {components: 5, whiten: true}}, {scale: 0.1}]", "[standardize, {scale: 3}]"] {
        let made = try Transformed(list, source: source, target: target),
          bound = try #require(made.fitted.inverseLipschitz(.whole))
        let points = normals(20, made.fitted.dimension, key: 5), images = inverse(made.fitted, points, as: .source)
        func norm(_ a: [Double], _ b: [Double]) -> Double {
          zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        for index in 1..<20 {
          #expect(norm(images[index], images[0]) <= bound * norm(points[index], points[0]) * (1 + 1e-12))
        }
      }
    }

    @Test func columnsKeepTheirNames() throws {
      let names = (1...12).map { "g\($0)" }
      let made = try Transformed("[log1p, standardize]", source: source, target: target, names: names)
      #expect(made.names == names)
      let reduced = try Transformed("[log1p, {pca: {components: 2}}]", source: source, target: target, names: names)
      #expect(reduced.names == ["PC1", "PC2"])
      #expect(reduced.fitted.columnNames == ["PC1", "PC2"])
      #expect(reduced.fitted.names(.whole) == names)
      #expect(reduced.fitted.originalNames == names)
    }

    @Test func whatIsStoredIsAll() throws {
      let list = "[log1p, standardize, {pca: {components: 3, whiten: true}}, {scale: 0.5}]"
      let made = try Transformed(list, source: source, target: target), arrays = made.fitted.arrays
      let again = try FittedTransforms(Listed.read(list), arrays: arrays, names: nil, file: "run.h5")
      #expect(again.arrays == arrays)
      #expect(inverse(again, made.tables[0], as: .source) == made.back(0, as: .source))
      let world = try #require(Job.world)
      let applied = try again.apply(to: try table(source, "new.csv"), role: .source, on: world)
      #expect(distance(rows(of: applied), made.tables[0]) == 0)
      #expect(
        message { try again.apply(to: try table([[1, 2]], "new.csv"), role: .source, on: world) }
          .hasPrefix("new.csv: has 2 columns, but the transforms are for 12"))
      for array in arrays where !array.path.hasSuffix("factor") {
        let others = arrays.filter { $0.path != array.path }
        let wrong = TransformArray(array.path, shape: array.shape, array.values.map { _ in .nan })
        for stored in [others, others + [wrong]] {
          let text = message { try FittedTransforms(Listed.read(list), arrays: stored, names: nil, file: "run.h5") }
          #expect(text.hasPrefix("run.h5: \(array.path): "))
        }
      }
    }

    @Test func theBitsOfARowDoNotDependOnOthers() throws {
      let made = try Transformed("[standardize, {pca: {components: 7}}]", source: source, target: target)
      let whole = made.back(1, as: .target)
      for index in [0, 5, 39] {
        #expect(inverse(made.fitted, [made.tables[1][index]], as: .target)[0] == whole[index])
      }
      #expect(inverse(made.fitted, Array(made.tables[1][3..<22]), as: .target) == Array(whole[3..<22]))
    }

    @Test func drawnRowsAreInTheSpaceOfTheFlow() throws {
      let world = try #require(Job.world)
      func drawn(_ dimension: Int) throws -> SharedTable {
        let text = "sampler: gaussian\ndimension: \(dimension)\ncount: 50\n"
        return try SampleSource.read(Tree(yaml: text, file: "deck")).open(
          role: .source, seed: 1, folder: ".", on: world)
      }
      var tables: [FittedTransforms.Table] = [(.source, try drawn(2)), (.target, try table(target, "b.csv"))]
      let list = try Listed.read("[pca: {components: 2}]")
      let fitted = try FittedTransforms.fit(list, &tables, fitting: 2, on: world)
      #expect(tables[0].table.isDrawn && fitted.dimension == 2 && tables[1].table.dimension == 2)
      tables = [(.source, try drawn(3)), (.target, try table(target, "b.csv"))]
      #expect(
        message { try FittedTransforms.fit(list, &tables, fitting: 2, on: world) }.hasPrefix("source: is drawn in 3"))
      tables = [(.source, try drawn(3)), (.target, try drawn(3))]
      #expect(message { try FittedTransforms.fit(list, &tables, fitting: 2, on: world) }.contains("drawn by samplers"))
      #expect(try FittedTransforms.fit([], &tables, fitting: 2, on: world).isNone)
    }
  }
}
