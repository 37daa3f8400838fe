import Foundation
import Support
import Testing

/// L and the time step that follow from the target: the same on any number of ranks, stored, and taken over by restarts.
@Suite struct AutomaticTests {
  private static let deck = """
    name: automatic
    source: {sampler: gaussian, count: 301, dimension: 2, standard_deviation: 0.5}
    target: {sampler: gaussian_mixture, count: 1207, means: [[0, 0], [40, 0], [0, 40]], standard_deviation: 5}
    divergence: {lipschitz: auto}
    discriminator: {hidden: [16, 16]}
    transport: {integrator: euler, time_step: auto, steps: 40}
    checkpoint: {every: 10}
    """

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(deck: Self.deck)
    return place
  }

  @Test func sameOnAnyNumberOfRanksAndAsNumbers() throws {
    let place = try place()
    let outcome = try place.run()
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.output.contains("auto: the target's diameter is "), "\(outcome.output)")
    let truth = try place.result(), deck = try truth.file.text(attribute: "deck")
    for key in ["lipschitz", "time_step", "smoothing"] {
      #expect(!deck.contains("\(key): auto"), "the stored deck lacks \(key): \(deck)")
    }
    try place.write(deck: deck, to: "stored.yaml")
    for (ranks, name) in [(2, "deck"), (3, "deck"), (2, "stored")] {
      let output = "\(name)-\(ranks)", other = try place.run(ranks: ranks, deck: "\(name).yaml", output: output)
      #expect(other.exitCode == 0, "\(other.description)")
      #expect(try place.result(output).file.text(attribute: "deck").contains(Self.lipschitz(deck)))
      let (a, b) = (try place.result(output).reproducible(), try truth.reproducible())
      #expect(a.keys.sorted() == b.keys.sorted())
      for (dataset, values) in b { expectSameBits(a[dataset] ?? [], values, "\(dataset), \(output)") }
    }
  }

  private static func lipschitz(_ deck: String) -> String {
    deck.split(separator: "\n").first { $0.contains("lipschitz:") }.map(String.init) ?? "?"
  }

  @Test func restarts() throws {
    let place = try place()
    let whole = try place.run(output: "whole")
    #expect(whole.exitCode == 0)
    _ = try place.folder.write("", to: "STOP")
    try FileManager.default.createDirectory(atPath: place.folder.file("out"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: place.folder.file("STOP"), toPath: place.folder.file("out/STOP"))
    let interrupted = try place.run(ranks: 2, ["--restart"])
    #expect(interrupted.exitCode == 4, "\(interrupted.description)")
    let refused = try place.run(["--restart", "--set", "divergence.lipschitz=3"])
    #expect(
      refused.exitCode == 2 && refused.errors.contains(": divergence.lipschitz differ"),
      "\(refused.description)")
    let continued = try place.run(ranks: 3, ["--restart"])
    #expect(continued.exitCode == 0 && continued.output.contains("continued after step"), "\(continued.description)")
    let (a, b) = (try place.result().reproducible(), try place.result("whole").reproducible())
    for (dataset, values) in b { expectSameBits(a[dataset] ?? [], values, dataset) }
    func arrival(_ output: String) -> Substring? {
      output.split(separator: "\n").first { $0.hasPrefix("energy distance") }
    }
    #expect(arrival(whole.output) != nil && arrival(whole.output) == arrival(continued.output), "\(continued.output)")
  }

  @Test(arguments: [1, 2])
  func oneSampleHasNoDiameter(ranks: Int) throws {
    let place = try place(), outcome = try place.run(ranks: ranks, ["--set", "target.count=1"])
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(outcome.errors.contains("give divergence.lipschitz and transport.time_step as numbers"))
    let numbers = ["divergence.lipschitz=1", "transport.time_step=0.1", "target.count=1"]
    let given = try place.run(ranks: ranks, numbers.flatMap { ["--set", $0] })
    #expect(given.exitCode == 0, "\(given.description)")
  }

  /// What `check` prints is a deck, with advice as comments.
  @Test func checkAdvises() throws {
    let place = try place(), checked = try place.command(["check", "deck.yaml"])
    try #require(checked.exitCode == 0 && checked.errors.isEmpty, "\(checked.description)")
    for word in ["lipschitz: auto", "# the target's diameter is", "# CFL", "L x diameter = 0.", "L x time_step = "] {
      #expect(checked.output.contains(word), "\(word) is missing: \(checked.output)")
    }
    try place.write(deck: checked.output, to: "checked.yaml")
    #expect(try place.command(["check", "checked.yaml"]).output == checked.output)
  }

  /// What `run` would refuse, `check` refuses.
  @Test func checkWithoutDataFails() throws {
    let place = try Workplace()
    try place.write(deck: "source: {file: none.csv}\ntarget: {file: none.csv}\ntransport: {time_step: auto}\n")
    let checked = try place.command(["check", "deck.yaml"])
    #expect(checked.exitCode == 2 && checked.output.isEmpty, "\(checked.description)")
    #expect(checked.errors.contains("none.csv: cannot be read"), "\(checked.description)")
  }
}
