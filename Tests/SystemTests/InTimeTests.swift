import Foundation
import HDF5
import Support
import Testing

/// Runs that end by themselves, with the best of their states.
@Suite struct InTimeTests {
  private static let data = """
    source: {sampler: gaussian, count: 701, dimension: 3, standard_deviation: 0.5}
    target: {sampler: swiss_roll, count: 150, scale: 0.1}

    """
  private static let heldOut = "stop: {held_out: {share: 0.2, patience: 8}}\n"

  private func place(_ more: String = "", data: String = data) throws -> Workplace {
    let place = try Workplace()
    try place.write(deck: data + "flow: {record: true}\noutput: {frames_every: 7}\ncheckpoint: {every: 5}\n" + more)
    return place
  }

  private func bestStep(_ result: RunResult) throws -> Int64 {
    try #require(try result.file.values(attribute: "best_step", as: Int64.self).first)
  }

  /// A deck of data alone ends before transport.steps, on any number of ranks with the same state.
  @Test(arguments: ["", heldOut]) func endsInTime(_ more: String) throws {
    let place = try place(more), outcome = try place.run()
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.output.contains("finished in time: "), "\(outcome.output)")
    let result = try place.result(), best = try bestStep(result), steps = try result.integers("metrics/step").count
    #expect(best > 3 && best < steps && steps < 300, "\(best) of \(steps)")
    #expect(try result.status == "finished")
    let frames = try result.integers("frames/step")
    #expect(frames.last == best && frames.dropLast().allSatisfy { $0 < best && $0 % 7 == 0 }, "\(frames)")
    expectSameBits(
      try result.floats("particles"), try result.file.values(of: "frames/particles", from: frames.count - 1, rows: 1))
    #expect(try result.file.exists("held_out") == !more.isEmpty)
    if !more.isEmpty {
      #expect(try result.file.shape(of: "held_out") == [30, 3] && result.file.shape(of: "target") == [120, 3])
    }
    let truth = try result.reproducible()
    for ranks in [2, 3, 7] {
      let other = try place.run(ranks: ranks, output: "on-\(ranks)")
      #expect(other.exitCode == 0, "\(other.description)")
      #expect(try bestStep(place.result("on-\(ranks)")) == best)
      let found = try place.result("on-\(ranks)").reproducible()
      #expect(found.keys.sorted() == truth.keys.sorted())
      for (name, values) in truth { expectSameBits(found[name] ?? [], values, "\(name) on \(ranks) ranks") }
    }
  }

  /// What stopping rests on is in the checkpoints.
  @Test(arguments: ["", heldOut]) func restarts(_ more: String) throws {
    let place = try place(more)
    #expect(try place.run(output: "whole").exitCode == 0)
    let truth = try place.result("whole").reproducible(),
      last = try place.result("whole").integers("metrics/step").count
    for step in [3, last / 2, last - 1] {
      let output = "stopped-\(step)"
      let first = try place.run(ranks: 2, output: output, ["--set", "transport.steps=\(step)"])
      try #require(first.exitCode == 0, "\(first.description)")
      let outcome = try place.run(ranks: 3, output: output, ["--restart"])
      if step <= 5 {
        #expect(outcome.exitCode == 2 && outcome.errors.contains("no checkpoint"), "\(outcome.description)")
        continue
      }
      #expect(
        outcome.exitCode == 0 && outcome.output.contains("continued after step \((step - 1) / 5 * 5)"),
        "\(outcome.description)")
      let found = try place.result(output).reproducible()
      for (name, values) in truth where !name.hasPrefix("frames") {
        expectSameBits(found[name] ?? [], values, "\(name), stopped after step \(step)")
      }
    }
    let over = try place.run(output: "whole", ["--restart", "--set", "transport.steps=2000"])
    #expect(over.exitCode == 0 && over.output.contains("is over already (finished)"), "\(over.description)")
  }

  /// Samples of one distribution teach nothing: the alignment alone is kept.
  @Test(arguments: [1, 3]) func nothingToLearn(ranks: Int) throws {
    let place = try place(
      data: """
        source: {sampler: gaussian, count: 1000, dimension: 8}
        target: {sampler: gaussian, count: 200, dimension: 8, mean: 5, standard_deviation: 2}

        """)
    let outcome = try place.run(ranks: ranks)
    #expect(outcome.exitCode == 0 && outcome.output.contains("that chance makes"), "\(outcome.description)")
    let result = try place.result()
    #expect(try bestStep(result) == 0)
    let particles = try result.doubles("particles")
    let mean = particles.reduce(0, +) / Double(particles.count)
    let variance = particles.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(particles.count)
    #expect(abs(mean - 5) < 0.3 && abs(variance - 4) < 0.6, "\(mean) \(variance)")
    // The recorded flow is the alignment.
    let replayed = try place.command(ranks: 2, ["generate", "out", "--replay"])
    #expect(replayed.exitCode == 0, "\(replayed.description)")
    expectSameBits(try NumPyFile.readArray(place.folder.file("out/generated.npy")).values, particles)
  }

  /// Without a bound on the network's slope, some particles leave for good.
  @Test(arguments: [1, 2]) func whoLeavesDiverges(ranks: Int) throws {
    let place = try place(
      "divergence: {lipschitz: .inf}\ntransport: {time_step: 10, steps: 3000}\ntraining: {learning_rate: 0.1}\n")
    let outcome = try place.run(ranks: ranks)
    #expect(outcome.exitCode == 3 && outcome.output.contains("diverged: "), "\(outcome.description)")
    let particles = try place.result().doubles("particles")
    #expect(particles.allSatisfy { $0.isFinite && abs($0) < 1e4 })
  }

  /// The source's own rows come first and are what is stored.
  @Test func oversampledRowsAreNotReported() throws {
    let place = try Workplace()
    let rows: [[Float]] = (0..<60).map { [Float($0 % 7), Float($0 * $0 % 11) / 3] }
    try write(rows: rows, to: place.folder.file("rows.npy"))
    try place.write(
      deck: """
        source: {file: rows.npy}
        target: {sampler: gaussian, count: 50, dimension: 2}
        generated: {sampler: gaussian, count: 20, dimension: 2}
        flow: {start: none}
        transport: {steps: 3}
        """)
    let outcome = try place.run(ranks: 3)
    #expect(outcome.exitCode == 0 && outcome.output.contains("600 particles"), "\(outcome.description)")
    #expect(outcome.output.contains("particles carried along lie "), "\(outcome.output)")
    #expect(try place.result().file.shape(of: "particles") == [60, 2])
    let first: [Double] = try place.result().file.values(of: "frames/particles", from: 0, rows: 1)
    expectClose(first, rows.flatMap { $0.map(Double.init) }, absolute: 1e-6, "the first frame")
  }
}
