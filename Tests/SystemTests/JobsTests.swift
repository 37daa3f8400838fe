import Foundation
import Support
import Testing

/// Every deck that the project ships runs.
@Suite struct JobsTests {
  private static let folder = packageRoot.appendingPathComponent("jobs")
  /// Decks on data that the project does not ship, with the folder, relative to theirs, that holds the data.
  private static let needs = [
    "pbmc.yaml": "../../shared/data/pbmc-harmony", "augment-wdbc.yaml": "wdbc", "geo-breast.yaml": "geo",
    "synthetic-54675.yaml": "synthetic",
    "breast-rnaseq-er.yaml": "../../shared/data/breast-rnaseq-er",
    "breast-er-small.yaml": "../../shared/data/breast-er-small",
    "gse47109.yaml": "../../shared/data/gse47109-gse10843-pca", "pbmc-ifnb.yaml": "../../shared/data/pbmc-ifnb",
    "mnist-200.yaml": "../../shared/data/mnist", "mnist-digit.yaml": "../../shared/data/mnist",
    "paper/fig-5.yaml": "../../shared/data/mnist", "paper/fig-14.yaml": "../../shared/data/mnist",
    "paper/fig-16.yaml": "../../shared/data/mnist",
    "cell-lines.yaml": "../../shared/data/cell-lines-harmony",
    "cell-lines-without-labels.yaml": "../../shared/data/cell-lines-harmony",
  ]

  /// Steps until something moves, where two are too few: layers bounded by Frobenius norms are nearly flat at first.
  private static let steps: [String: Int64] = ["paper/fig-7.yaml": 80]

  /// The decks of the folder and those of the paper.
  static let decks: [String] = ["", "paper/"].flatMap { part in
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + part)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map { part + $0 }
  }

  static let shipped = decks.filter { needs[$0] == nil }
  static let foreign = decks.filter { needs[$0].map(hasFolder) ?? false }

  private static func hasFolder(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  @Test func thereAreDecks() { #expect(Self.shipped.count >= 5 && Self.shipped.contains { $0.hasPrefix("paper/") }) }

  @Test(arguments: shipped)
  func runs(_ deck: String) throws { try expectRun(deck) }

  @Test(.enabled(if: !foreign.isEmpty, "their data are not beside the package"), arguments: foreign)
  func runsOnForeignData(_ deck: String) throws { try expectRun(deck) }

  private func expectRun(_ deck: String) throws {
    let place = try Workplace()
    let path = Self.folder.appendingPathComponent(deck).path
    let steps: Int64 = Self.steps[deck] ?? 2
    let settings = ["transport.steps=\(steps)", "stop.automatic=false"].flatMap { ["--set", $0] }
    let outcome = try place.run(ranks: 2, deck: path, settings)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.status == "finished")
    #expect(try result.integers("metrics/step") == Array(1...steps))
    let stored = try result.integers("frames/step")
    #expect(stored.first == 0 && stored.last == steps)
    let moved = try result.floats("particles")
    #expect(!moved.isEmpty)
    let finite = moved.allSatisfy { $0.isFinite }
    #expect(finite)
    let first: [Float] = try result.file.values(of: "frames/particles", from: 0, rows: 1)
    let still = moved == first
    #expect(!still, "nothing moved")
  }
}
