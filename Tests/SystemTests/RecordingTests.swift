import Foundation
import HDF5
import Support
import Testing

/// A recorded flow holds every step once, however often its run was interrupted.
@Suite(.serialized) struct RecordingTests {
  private static let deck = """
    source: {sampler: gaussian, count: 700, dimension: 3}
    target: {sampler: gaussian, count: 200, dimension: 3, mean: 1, standard_deviation: 0.4}
    training: {iterations: 2}
    transport: {steps: 150}
    stop: {automatic: false}
    flow: {record: true, tolerance: TOLERANCE}
    checkpoint: {every: 20}
    output: {frames_every: 0}
    """

  private func place(tolerance: Double = 0) throws -> Workplace {
    let place = try Workplace()
    try place.write(deck: Self.deck.replacing("TOLERANCE", with: "\(tolerance)"))
    return place
  }

  private func contents(_ place: Workplace, _ output: String) throws -> [String: [Double]] {
    let file = try HDF5File(reading: place.folder.file("\(output)/flow.h5"))
    var all: [String: [Double]] = [:]
    for name in try file.datasets() { all[name] = try file.values(of: name) }
    return all
  }

  private func expectSame(_ a: [String: [Double]], _ b: [String: [Double]]) {
    #expect(Set(a.keys) == Set(b.keys))
    for (name, values) in a { expectSameBits(b[name] ?? [], values, name) }
  }

  @Test(arguments: [0, 0.4]) func sameFileAfterKills(tolerance: Double) throws {
    let place = try place(tolerance: tolerance)
    #expect(try place.run(ranks: 1, output: "alone").exitCode == 0)
    let alone = try contents(place, "alone")
    #expect(alone["time_step"]?.count == 150 && alone["field"]?.count == 300)
    for (ranks, step) in [(2, 30), (3, 90)] {
      let job = try MPIJob(
        ranks: ranks, arguments: ["run", "deck.yaml", "--output", "out", "--restart"], folder: place.folder.path)
      try wait(forStep: step, in: place)
      kill(try #require(job.ranks.last), SIGKILL)
      #expect(job.wait(timeout: 60).exitCode != 0)
      #expect(try contents(place, "out")["time_step"] != nil, "a killed run leaves a readable file")
    }
    let outcome = try place.run(ranks: 7, ["--restart"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    expectSame(alone, try contents(place, "out"))
    expectSameBits(try place.result().floats("particles"), try place.result("alone").floats("particles"))
  }

  private func wait(forStep step: Int, in place: Workplace) throws {
    for _ in 0..<12_000 {
      let text = (try? place.text("metrics.csv")) ?? ""
      if text.split(separator: "\n").count > step { return }
      usleep(5000)
    }
    throw SupportError("step \(step) is not made")
  }

  @Test(arguments: [true, false]) func lostFlowIsSaid(isDamaged: Bool) throws {
    let place = try place()
    #expect(try place.run(ranks: 2, ["--set", "transport.steps=50"]).exitCode == 0)
    let file = place.folder.file("out/flow.h5")
    if isDamaged {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: file))
    } else {
      try FileManager.default.removeItem(atPath: file)
    }
    let before = try place.text("metrics.csv"), refused = try place.run(ranks: 3, ["--restart"])
    #expect(
      refused.exitCode == 2 && refused.errors.contains("the flow up to step 40 is not in"), "\(refused.description)")
    #expect(try place.text("metrics.csv") == before)
    let without = try place.run(ranks: 2, ["--restart", "--set", "flow.record=false"])
    #expect(without.exitCode == 0, "\(without.description)")
    #expect(try place.result().integers("metrics/step").count == 150)
  }

  @Test func overwriteRemovesIt() throws {
    let place = try place()
    #expect(try place.run(["--set", "transport.steps=2"]).exitCode == 0)
    let check = try place.command(["check", "deck.yaml"])
    #expect(check.output.contains("flow.h5: at most 2.9 MB, 300 fields of 2273 parameters"), "\(check.description)")
    #expect(try place.run(["--overwrite", "--set", "flow.record=false", "--set", "transport.steps=2"]).exitCode == 0)
    #expect(!place.exists("out/flow.h5"))
    // One that no run wrote is not lost.
    try FileManager.default.createDirectory(atPath: place.folder.file("other"), withIntermediateDirectories: true)
    _ = try place.folder.write("mine", to: "other/flow.h5")
    let outcome = try place.run(output: "other", ["--overwrite", "--set", "transport.steps=2"])
    #expect(outcome.exitCode == 2 && outcome.errors.contains("was not written by a run"), "\(outcome.description)")
  }
}
