import Foundation
import HDF5
import Support
import Testing

/// Runs of several flows: one for each class, one for each source.
@Suite struct ClassesTests {
  private static func table(_ rows: Int, at x: Double, _ kind: (Int) -> String) -> String {
    var text = "name,x,y,kind\n"
    for i in 0..<rows {
      let (a, b) = (Double(i * 7 % 31) / 9, Double(i * 11 % 29) / 8), far = kind(i) == "w" ? 9.0 : 0
      text += "r\(i),\(x + a + far),\(b - far),\(kind(i))\n"
    }
    return text
  }

  private static let settings = """
    discriminator: {hidden: [8]}
    transport: {steps: 12}
    stop: {automatic: false}
    output: {frames_every: 5}
    checkpoint: {every: 5}
    """

  private func place() throws -> Workplace {
    let place = try Workplace()
    let kinds = { (i: Int) in i % 3 == 0 ? "w" : "v / 1" }
    _ = try place.folder.write(Self.table(90, at: 0, kinds), to: "source.csv")
    _ = try place.folder.write(Self.table(40, at: -5, kinds), to: "other.csv")
    _ = try place.folder.write(Self.table(70, at: 3) { $0 % 2 == 0 ? "w" : "v / 1" }, to: "target.csv")
    try place.write(
      deck: """
        source: {file: source.csv, labels: {column: kind}}
        target: {file: target.csv, labels: {column: kind}}
        \(Self.settings)
        """)
    try place.write(
      deck: """
        source: [{file: source.csv, skip: [kind]}, {file: other.csv, skip: [kind]}]
        target: {file: target.csv, skip: [kind]}
        \(Self.settings)
        """, to: "sources.yaml")
    return place
  }

  /// Each class goes as it does in a run of its own, and the results stand in source order.
  @Test func classesAreRunsOfTheirOwn() throws {
    let place = try place()
    var alone: [String: [Float]] = [:]
    for kind in ["v / 1", "w"] {
      let text = """
        source: {file: source.csv, where: {column: kind, equals: \(kind)}}
        target: {file: target.csv, where: {column: kind, equals: \(kind)}}
        \(Self.settings)
        """
      try place.write(deck: text, to: "alone.yaml")
      let outcome = try place.run(deck: "alone.yaml", output: "alone", ["--overwrite"])
      #expect(outcome.exitCode == 0, "\(outcome.description)")
      alone[kind] = try place.result("alone").floats("particles")
    }
    var bits: [String: [Double]]?
    for ranks in [1, 2, 3, 7] {
      let outcome = try place.run(ranks: ranks, ["--overwrite"])
      #expect(outcome.exitCode == 0, "\(outcome.description)")
      #expect(outcome.output.contains("flow 2 of 2: w"), "\(outcome.description)")
      let result = try place.result(), labels = try result.file.texts(of: "labels/particles")
      let particles = try result.floats("particles")
      for (kind, rows) in alone {
        let own = labels.indices.filter { labels[$0] == kind }.flatMap { particles[2 * $0..<2 * $0 + 2] }
        expectSameBits(own, rows)
      }
      #expect(try result.file.shape(of: "metrics/divergence") == [12, 2])
      #expect(try result.integers("frames/step") == [0, 5, 10, 12])
      #expect(try result.file.shape(of: "frames/particles") == [4, 90, 2])
      #expect(try result.file.texts(of: "names/flows") == ["v / 1", "w"])
      #expect(try result.file.exists("phi/1-v___1/weight_0"))
      let all = try result.reproducible()
      #expect(bits == nil || all == bits)
      bits = all
    }
    let csv = try place.text("metrics.csv").split(separator: "\n")
    #expect(csv.count == 25 && csv[0].hasPrefix("step,time,divergence,") && csv[0].hasSuffix(",flow"))
    #expect(csv[24].hasPrefix("12,") && csv[24].hasSuffix(",\"w\""))
  }

  @Test func severalSources() throws {
    let place = try place()
    let outcome = try place.run(ranks: 2, deck: "sources.yaml", ["--set", "flow.record=true"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.file.texts(of: "names/flows") == ["source.csv", "other.csv"])
    #expect(try result.file.texts(of: "names/particles").suffix(2) == ["r38", "r39"])
    let moved = try result.floats("particles")
    #expect(moved.count == 260)
    let unnamed = try place.command(["generate", "out", "--replay"])
    #expect(unnamed.exitCode == 2 && unnamed.errors.contains("choose one with --label"), "\(unnamed.description)")
    let again = try place.command(
      ranks: 3, ["generate", "out", "--label", "other.csv", "--replay", "--output", "again.h5"])
    #expect(again.exitCode == 0, "\(again.description)")
    let file = try HDF5File(reading: place.folder.file("again.h5"))
    let replayed: [Float] = try file.values(of: "generated")
    expectSameBits(replayed, Array(moved.suffix(80)))
  }

  /// A run that is interrupted in its second flow, or whose result file was lost, goes on to the bits of one left alone.
  @Test(arguments: [1, 3]) func interruptedInAFlow(ranks: Int) throws {
    let place = try place()
    #expect(try place.run(output: "whole").exitCode == 0)
    let first = try place.run(ranks: ranks)
    #expect(first.exitCode == 0, "\(first.description)")
    // As a kill in the second flow leaves it: no result of it, an unfinished run on top.
    try FileManager.default.removeItem(atPath: place.folder.file("out/flows/2-w"))
    let file = try HDF5File(appending: place.folder.file("out/run.h5"))
    try file.write(attribute: "status", text: "running")
    try file.close()
    let refused = try place.run(ranks: ranks)
    #expect(refused.exitCode == 2 && refused.errors.contains("--restart"), "\(refused.description)")
    _ = try place.folder.write("", to: "out/STOP")
    let stopped = try place.run(ranks: ranks, ["--restart"])
    #expect(stopped.exitCode == 4, "\(stopped.description)")
    #expect(stopped.output.contains("flow 1 of 2: v / 1 is over already"), "\(stopped.description)")
    #expect(try place.result().status == "interrupted")
    let outcome = try place.run(ranks: ranks, ["--restart"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(try place.result().reproducible() == place.result("whole").reproducible())
    let over = try place.run(ranks: ranks, ["--restart"])
    #expect(over.exitCode == 0 && over.output.contains("over already"), "\(over.description)")
  }

  /// Another run takes the folder only with --overwrite, and nothing of the flows is left.
  @Test func replacedByARunOfOneFlow() throws {
    let place = try place()
    #expect(try place.run().exitCode == 0)
    #expect(try place.run(["--set", "classes=ignored"]).exitCode == 2)
    let outcome = try place.run(["--set", "classes=ignored", "--overwrite"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(!place.exists("out/flows"))
    #expect(try place.result().file.shape(of: "metrics/divergence") == [12])
  }

  @Test func classesThatOneSideLacks() throws {
    let place = try place()
    _ = try place.folder.write(Self.table(70, at: 3) { _ in "w" }, to: "target.csv")
    for ranks in [1, 3] {
      let outcome = try place.run(ranks: ranks)
      #expect(outcome.exitCode == 2 && !place.exists("out"), "\(outcome.description)")
      #expect(outcome.errors.contains("'v / 1' of source is no class of target"), "\(outcome.description)")
    }
    let only = try place.run(["--set", "source.where={column: kind, equals: w}"])
    #expect(only.exitCode == 0, "\(only.description)")
    let unlabelled = try place.run(deck: "sources.yaml", output: "other", ["--set", "classes=separate"])
    #expect(unlabelled.exitCode == 2 && unlabelled.errors.contains("has no labels"), "\(unlabelled.description)")
  }
}
