import Foundation
import Support
import Testing

/// What a run leaves in its folder and says on the console.
@Suite struct OutputTests {
  private static let deck = """
    name: outputs
    seed: 5
    source: {sampler: gaussian, count: 101, dimension: 2, standard_deviation: 0.5}
    target: {sampler: gaussian_mixture, count: 67, means: [[3, 0]], standard_deviation: 0.5}
    generated: {sampler: uniform, count: 20, dimension: 2}
    discriminator: {hidden: [16, 16]}
    training: {iterations: 2}
    transport: {integrator: euler, time_step: 0.1, steps: 5}
    output: {frames_every: 2}
    stop: {automatic: false}
    """

  private func place(_ deck: String = deck) throws -> Workplace {
    let place = try Workplace()
    try place.write(deck: deck)
    return place
  }

  @Test func metricsFramesAndAttributes() throws {
    let place = try place()
    let outcome = try place.run(ranks: 3)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let files = try FileManager.default.contentsOfDirectory(atPath: place.folder.file("out"))
    #expect(files.sorted() == ["log.txt", "metrics.csv", "run.h5"])
    let result = try place.result()

    let lines = try place.text("metrics.csv").split(separator: "\n")
    let columns = [
      "step", "time", "divergence", "fisher_information", "maximum_speed", "mean_speed", "dissipation_balance",
      "dissipation_balance_relative", "farthest",
    ]
    #expect(lines.first.map(String.init) == columns.joined(separator: ","))
    for (column, name) in columns.enumerated() {
      let written = lines.dropFirst().map { Double($0.split(separator: ",")[column]) ?? .nan }
      expectSameBits(written, try result.doubles("metrics/\(name)"), name)
    }
    #expect(try result.integers("metrics/step") == [1, 2, 3, 4, 5])
    expectClose(try result.doubles("metrics/time"), [0.1, 0.2, 0.3, 0.4, 0.5], absolute: 1e-12)

    #expect(try result.integers("frames/step") == [0, 2, 4, 5])
    #expect(try result.file.shape(of: "frames/particles") == [4, 101, 2])
    expectSameBits(try result.floats("particles"), try result.file.values(of: "frames/particles", from: 3, rows: 1))
    #expect(try result.file.shape(of: "target") == [67, 2])
    #expect(try result.file.shape(of: "generated") == [20, 2])

    #expect(try result.status == "finished")
    let ranks: [Int64] = try result.file.values(attribute: "ranks")
    let nodes: [Int64] = try result.file.values(attribute: "nodes")
    let seed: [Int64] = try result.file.values(attribute: "seed")
    #expect(ranks == [3] && nodes == [1] && seed == [5])
    #expect(try !result.file.text(attribute: "version").isEmpty)
  }

  @Test(arguments: [1, 3])
  func logEqualsConsole(ranks: Int) throws {
    let place = try place()
    let outcome = try place.run(ranks: ranks)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("finished: all 5 steps made"))
    #expect(try place.text("log.txt") == outcome.output)
  }

  @Test(arguments: [1, 3])
  func quietSaysNothing(ranks: Int) throws {
    let place = try place()
    let outcome = try place.run(ranks: ranks, ["--quiet"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.description)")
    #expect(try place.text("log.txt").contains("finished: all 5 steps made"))
  }

  @Test(arguments: [1, 3])
  func quietSaysWhyARunFails(ranks: Int) throws {
    let place = try place()
    let outcome = try place.run(ranks: ranks, ["--quiet", "--set", "training.learning_rate=1e30"])
    #expect(outcome.exitCode == 3, "\(outcome.description)")
    #expect(outcome.output.isEmpty, "\(outcome.output)")
    #expect(outcome.errors.components(separatedBy: "gpa-mpi: diverged: ").count == 2, "\(outcome.errors)")
  }

  @Test func setOverridesTheDeck() throws {
    let place = try place()
    let outcome = try place.run(["--set", "transport.steps=2", "--set=seed=9"])
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.integers("metrics/step") == [1, 2])
    let seed: [Int64] = try result.file.values(attribute: "seed")
    #expect(seed == [9])
    #expect(try result.file.text(attribute: "deck").contains("steps: 2\n"))
  }

  /// The phases of the table add up to the whole, whatever a run measures.
  @Test func timesAddUp() throws {
    let place = try place()
    let outcome = try place.run(ranks: 3, ["--set", "stop.held_out.share=0.2"])
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result(), names = try result.file.datasets().filter { $0.hasPrefix("timing/") }
    let means = try names.reduce(into: [:]) { $0[$1] = try result.doubles($1)[1] }
    let total = try #require(means["timing/total"])
    let sum = means.reduce(0) { $1.key == "timing/total" ? $0 : $0 + $1.value }
    #expect(names.count == 8 && abs(sum - total) < 1e-6 * total, "\(means)")
  }

  /// Results go to the working directory: a deck may stand where nobody can write.
  @Test func folderOfTheRun() throws {
    let place = try place()
    let decks = place.folder.file("decks")
    try FileManager.default.createDirectory(atPath: decks, withIntermediateDirectories: false)
    try FileManager.default.moveItem(atPath: place.folder.file("deck.yaml"), toPath: decks + "/deck.yaml")
    let outcome = try place.command(["run", "decks/deck.yaml"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(place.exists("runs/outputs/run.h5"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: decks) == ["deck.yaml"])
    let again = try place.command(["run", "decks/deck.yaml", "--set", "output.directory=elsewhere"])
    #expect(again.exitCode == 0 && place.exists("elsewhere/run.h5"), "\(again.description)")
    #expect(try place.folder.contents() == ["decks", "elsewhere", "runs"])
  }

  /// --overwrite replaces a finished run, as if there had been none.
  @Test func overwrites() throws {
    let place = try place()
    #expect(try place.run(output: "new").exitCode == 0)
    #expect(try place.run(["--set", "transport.steps=9", "--set", "seed=2"]).exitCode == 0)
    let outcome = try place.run(ranks: 2, ["--overwrite"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    try expectSame(try place.result().reproducible(), try place.result("new").reproducible())
    #expect(try place.text("metrics.csv") == place.text("metrics.csv", output: "new"))
  }

  /// Every key that `check` prints is one that `--keys` tells of.
  @Test func keysAreTold() throws {
    let place = try place(), told = try place.command(["--keys"])
    #expect(told.exitCode == 0 && told.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let lines = Set(told.output.split(separator: "\n").map(String.init))
    var section = ""
    for line in try place.command(["check", "deck.yaml"]).output.split(separator: "\n") where !line.hasPrefix("#") {
      guard let key = line.split(separator: ":").first else { continue }
      if !key.hasPrefix(" ") { section = String(key) }
      if ["source", "target", "generated"].contains(section) { continue }
      let path = key.hasPrefix(" ") ? "\(section).\(key.drop { $0 == " " })" : section
      #expect(lines.contains { $0 == path || $0.hasPrefix(path + " (with ") }, "\(path)")
    }
    #expect(try place.command(["--keys", "stop"]).output.hasPrefix("stop\n"))
  }

  /// What `check` prints, and what a result file keeps, are decks that run to the same bits.
  @Test func checkedAndStoredDecksRunTheSame() throws {
    let place = try place()
    let checked = try place.command(["check", "deck.yaml"])
    try #require(checked.exitCode == 0, "\(checked.description)")
    #expect(checked.output.contains("learning_rate: "), "defaults are missing")
    #expect(try place.folder.contents() == ["deck.yaml"], "check started something")
    try place.write(deck: checked.output, to: "checked.yaml")
    #expect(try place.command(["check", "checked.yaml"]).output == checked.output)

    try #require(try place.run().exitCode == 0)
    let truth = try place.result().reproducible()
    try place.write(deck: try place.result().file.text(attribute: "deck"), to: "stored.yaml")
    for deck in ["checked", "stored"] {
      let outcome = try place.run(ranks: 2, deck: "\(deck).yaml", output: deck)
      #expect(outcome.exitCode == 0, "\(outcome.description)")
      try expectSame(try place.result(deck).reproducible(), truth)
    }
  }

  private func expectSame(_ a: [String: [Double]], _ b: [String: [Double]]) throws {
    #expect(a.keys.sorted() == b.keys.sorted() && !a.isEmpty)
    for (name, values) in b { expectSameBits(a[name] ?? [], values, name) }
  }
}
