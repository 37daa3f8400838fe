import Foundation
import Parameters
import Samples
import Testing
import YAML

extension SamplesSuite {
  @Suite struct SampleFileTests {
    let folder: Folder

    init() throws {
      folder = try Folder()
      try folder.write("x.npy", npy("<f4", "(4, 1)", bytes([10, 20, 30, 40] as [Float])))
      try folder.write("meta.tsv", "donor\tcell\nA\tu\nB\tv\nA\tw\nC\tx\n")
    }

    @Test func whereChooses() throws {
      let chosen = try folder.rows(
        #"{"file": "x.npy", "where": {"file": "meta.tsv", "column": "donor", "equals": "A"}}"#)
      #expect(chosen.array == [[10], [30]])
      try folder.write("own.csv", "a,label,b\n1,s,2\n3,t,4\n")
      let own = try folder.rows(#"{"file": "own.csv", "where": {"column": "label", "equals": "t"}}"#)
      #expect(own.array == [[3, 4]])
      try folder.write("nan.csv", "a,label,b\n1,s,nan\n3,t,4\nnan,u,3\n")
      #expect(try folder.rows(#"{"file": "nan.csv", "where": {"column": "label", "equals": "t"}}"#).array == [[3, 4]])
      let message = folder.message(#"{"file": "nan.csv", "where": {"column": "label", "equals": "u"}}"#)
      #expect(message.contains("row 3, column 'a' is nan"))
    }

    @Test func whereErrors() throws {
      func message(_ condition: String) -> String { folder.message(#"{"file": "x.npy", "where": \#(condition)}"#) }
      #expect(message(#"{"file": "meta.tsv", "column": "doner", "equals": "A"}"#).contains("did you mean 'donor'"))
      #expect(message(#"{"file": "meta.tsv", "column": "donor", "equals": "D"}"#).contains("there are A, B, C"))
      #expect(message(#"{"column": "donor", "equals": "D"}"#).contains("where: {file"))
      try folder.write("comma.csv", "a,\n1\n2\n3\n4\n")
      #expect(message(#"{"file": "comma.csv", "column": "", "equals": "1"}"#).contains("has no column ''"))
      #expect(
        folder.message(#"{"file": "comma.csv", "where": {"column": "", "equals": "1"}}"#).contains("no column ''"))
      try folder.write("short.tsv", "donor\nA\nB\n")
      #expect(message(#"{"file": "short.tsv", "column": "donor", "equals": "A"}"#).contains("has 2 rows, but"))
    }

    @Test func limitIsAChoiceBySeed() throws {
      let many = (0..<1000).map(Float.init)
      try folder.write("many.npy", npy("<f4", "(1000, 1)", bytes(many)))
      let deck = #"{"file": "many.npy", "limit": 100}"#
      let first = try folder.rows(deck).array.map { $0[0] }
      #expect(first.count == 100 && first == first.sorted() && Set(first).count == 100)
      #expect(try folder.rows(deck).array.map { $0[0] } == first)
      #expect(try folder.rows(deck, seed: 2).array.map { $0[0] } != first)
      #expect(try folder.rows(deck, role: .target).array.map { $0[0] } != first)
      // The mean of the chosen indices: 499.5 with standard deviation 27.4.
      let mean: Float = first.reduce(0, +) / 100
      #expect(mean > 390 && mean < 609)
      #expect(folder.message(#"{"file": "many.npy", "limit": 1001}"#).contains("fewer than limit 1001"))
      #expect(try folder.rows(#"{"file": "many.npy", "limit": 1000}"#).array.map { $0[0] } == many)
      #expect(try folder.rows(#"{"file": "many.npy", "limit": null}"#).array.map { $0[0] } == many)
    }

    @Test func embedding() throws {
      let deck = #"{"file": "x.npy", "limit": 4, "embed": {"dimension": 3, "offset": -1}}"#
      #expect(try folder.rows(deck).array == [[10, -1, -1], [20, -1, -1], [30, -1, -1], [40, -1, -1]])
      try folder.write("wide.csv", "1,2,3\n")
      #expect(
        folder.message(#"{"file": "wide.csv", "embed": {"dimension": 2}}"#).contains("more than embed.dimension 2"))
    }

    @Test func rangesAndSharedRows() throws {
      let world = try #require(Job.world)
      for text in [
        #"{"file": "x.npy", "embed": {"dimension": 2}}"#, #"{"sampler": "gaussian", "count": 4, "dimension": 2}"#,
      ] {
        let source = try SampleSource.read(Tree(yaml: text, file: "deck"))
        let set = try source.open(role: .target, seed: 3, folder: folder.path, on: world)
        let all = try set.rows(0..<4, in: .none(dimension: set.dimension), on: world).array
        #expect(try set.rows(1..<3, in: .none(dimension: set.dimension), on: world).array == Array(all[1..<3]))
        #expect(try set.rows(2..<2, in: .none(dimension: set.dimension), on: world).array == [])
        let target = try set.all(in: .none(dimension: set.dimension), on: world)
        #expect(target.array == all && set.count == 4 && set.dimension == 2)
        #expect(try source.open(role: .target, seed: 3, folder: folder.path).excerpt(atMost: .max).array == all)
      }
    }

    @Test func writesDeckKeys() throws {
      for text in [
        "file: x.npz\narray: a\nwhere:\n  file: m.tsv\n  column: c\n  equals: e\nlimit: 3\n",
        "sampler: gaussian\ndimension: 2\nmean: [1.0, 2.0]\nstandard_deviation: 2.0\ncount: 5\n"
          + "embed:\n  dimension: 4\n  offset: 0.5\n",
        "sampler: sierpinski_carpet\nlevel: 3\nside: 1.0\none_per_cell: false\ncount: 5\n",
        "sampler: gaussian_mixture\ndimension: 1\nmeans: [[1.0], [2.0]]\nstandard_deviation: 1.0\nweights: [1.0, 1.0]\n"
          + "count: 2\n",
      ] {
        #expect(try SampleSource.read(Tree(yaml: text, file: "deck")).tree().yaml == text)
      }
    }
  }
}
