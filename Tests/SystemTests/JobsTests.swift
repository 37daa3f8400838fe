import Foundation
import Support
import Testing

/// Every deck that the project ships runs.
@Suite struct JobsTests {
  private static let folder = packageRoot.appendingPathComponent("jobs")
  /// Decks on data that the project does not ship, with the folder, relative to theirs, that holds the data.
  private static let needs = ["pbmc.yaml": "../../shared/data/pbmc-harmony"]

  static let decks: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  static let shipped = decks.filter { needs[$0] == nil }
  static let foreign = decks.filter { needs[$0].map(hasFolder) ?? false }

  private static func hasFolder(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  @Test func thereAreDecks() { #expect(Self.shipped.count >= 5) }

  @Test(arguments: shipped)
  func runs(_ deck: String) throws { try expectRun(deck) }

  @Test(.enabled(if: foreign.count == needs.count, "its data are not beside the package"), arguments: foreign)
  func runsOnForeignData(_ deck: String) throws { try expectRun(deck) }

  private func expectRun(_ deck: String) throws {
    let place = try Workplace()
    let path = Self.folder.appendingPathComponent(deck).path
    let outcome = try place.run(ranks: 2, deck: path, ["--set", "transport.steps=2"])
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.status == "finished")
    #expect(try result.integers("metrics/step") == [1, 2])
    let stored = try result.integers("frames/step")
    #expect(stored.first == 0 && stored.last == 2)
    let moved = try result.floats("particles")
    #expect(!moved.isEmpty && moved.allSatisfy { $0.isFinite })
    let first: [Float] = try result.file.values(of: "frames/particles", from: 0, rows: 1)
    #expect(moved != first, "nothing moved")
  }
}
