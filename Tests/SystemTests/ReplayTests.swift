import HDF5
import Support
import Testing

/// The recorded flow of a run carries its source to the bits of its particles.
@Suite struct ReplayTests {
  private static let deck = """
    source: {sampler: gaussian, count: 411, dimension: 2}
    target: {sampler: gaussian, count: 307, dimension: 2, mean: 2, standard_deviation: 0.3}
    generated: {sampler: gaussian, count: 203, dimension: 2}
    training: {iterations: 2}
    stop: {automatic: false}
    output: {frames_every: 0}

    """

  private func replay(_ place: Workplace, ranks: Int, _ words: [String] = []) throws -> [Double] {
    let outcome = try place.command(
      ranks: ranks, ["generate", "out", "--replay", "--overwrite", "--output", "replay.npy"] + words)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let array = try NumPyFile.readArray(place.folder.file("replay.npy"))
    #expect(array.shape[1] == 2)
    return array.values
  }

  @Test(arguments: [
    "transport: {integrator: euler, steps: 9}\ndiscriminator: {scale: none}",
    "transport: {integrator: heun, steps: 9}\nflow: {record: true, start: none}",
    "transport: {integrator: rk4, steps: 5}\nflow: {record: true, start: mean_std}",
    "transport: {integrator: adams_bashforth_3, steps: 9}\nflow: {record: true, start: shift}",
    "transport: {integrator: adams_moulton_5, steps: 9}",
    "transport: {integrator: bogacki_shampine, error: 1.0e-4, steps: 9}",
    "transport: {integrator: heun, steps: 9}\ndivergence: {direction: reverse}",
    "transport: {integrator: heun, steps: 9}\ndivergence: {direction: reverse, f: alpha, alpha: 2}",
    "transport: {integrator: heun, steps: 9}\ndiscriminator: {activation: relu, constraint: spectral, hidden: [24, 7]}",
  ])
  func bitsOfTheRun(_ more: String) throws {
    let place = try Workplace()
    try place.write(deck: Self.deck + (more.contains("flow:") ? "" : "flow: {record: true}\n") + more)
    let outcome = try place.run(ranks: 2)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let particles = try place.result().doubles("particles")
    for (ranks, words) in [(1, ["--batch", "100"]), (3, ["--threads", "2"])] {
      expectSameBits(try replay(place, ranks: ranks, words), particles, "\(more) on \(ranks) ranks")
    }
  }

  /// With Euler's method the last field is what phi of the run is at its end.
  @Test(arguments: ["auto", "none"]) func fieldsArePhi(scale: String) throws {
    let place = try Workplace()
    try place.write(
      deck: Self.deck + "flow: {record: true}\ntransport: {integrator: euler, steps: 7}\n"
        + "discriminator: {scale: \(scale)}\n")
    #expect(try place.run(ranks: 2).exitCode == 0)
    let flow = try HDF5File(reading: place.folder.file("out/flow.h5")), run = try place.result()
    for name in ["weight_0", "bias_0", "weight_1", "weight_3", "bias_3"] {
      let last = try flow.floats(of: "phi/\(name)", from: 6, rows: 1)
      expectSameBits(last, try run.floats("phi/\(name)"), name)
    }
    let steps: [Double] = try flow.values(of: "time_step")
    expectClose(steps.reduce(0, +), try #require(try run.doubles("metrics/time").last), relative: 1e-14)
    #expect(try flow.text(attribute: "integrator") == "euler")
    #expect(try flow.text(attribute: "deck") == run.file.text(attribute: "deck"))
    #expect(try flow.exists("network/weight_0") == (scale == "auto"))
  }

  /// A run that ends with an earlier state than its last, and --until.
  @Test func bestState() throws {
    let place = try Workplace()
    try place.write(
      deck: Self.deck.replacing("automatic: false", with: "automatic: true, held_out: {share: 0.2, patience: 3}")
        + "flow: {record: true, start: none}\ntransport: {steps: 300}")
    #expect(try place.run(ranks: 2).exitCode == 0)
    let particles = try place.result().doubles("particles")
    expectSameBits(try replay(place, ranks: 2), particles)
    let early = try replay(place, ranks: 1, ["--until", "1"])
    #expect(early.count == particles.count && early != particles)
  }

  /// Particles for the field alone are none of the source.
  @Test func oversampling() throws {
    let place = try Workplace()
    try write(
      rows: (0..<60).map { row in [Float(row % 7), Float(row * row % 11)] }, to: place.folder.file("rows.npy"))
    try place.write(
      deck: """
        source: {file: rows.npy, oversample: {times: 3, noise: 0.5}}
        target: {sampler: gaussian, count: 50, dimension: 2}
        flow: {record: true}
        transport: {steps: 6}
        divergence: {direction: reverse, f: alpha, alpha: 2}
        stop: {automatic: false}
        """)
    #expect(try place.run(ranks: 2).exitCode == 0)
    let particles = try place.result().doubles("particles")
    #expect(particles.count == 120)
    expectSameBits(try replay(place, ranks: 3), particles)
  }

  @Test func coordinatesThatFloat32DoesNotHold() throws {
    let place = try Workplace()
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 300, mean: [1.0e6, 0], standard_deviation: 0.01}
        target: {sampler: gaussian, count: 200, mean: [1.0e6, 0.1], standard_deviation: 0.01}
        flow: {record: true}
        transport: {steps: 5}
        """)
    #expect(try place.run(ranks: 2).exitCode == 0)
    expectSameBits(try replay(place, ranks: 3), try place.result().doubles("particles"))
  }

  /// Stages that are left out are as good as the tolerance says, and what they cost is stored.
  @Test func tolerance() throws {
    let place = try Workplace()
    try place.write(
      deck: Self.deck + "flow: {record: true, tolerance: 0.5}\ntransport: {steps: 40, time_step: 0.01}\n")
    let outcome = try place.run(ranks: 2)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let flow = try HDF5File(reading: place.folder.file("out/flow.h5"))
    let leftOut = try flow.values(attribute: "left_out", as: Int64.self)[0]
    #expect(leftOut > 0 && outcome.output.contains("\(leftOut) of 80 stages are left out"))
    #expect(try flow.shape(of: "phi/weight_0")[0] == 80 - Int(leftOut))
    #expect(try flow.values(attribute: "largest_change", as: Double.self)[0] <= 0.5)
    let particles = try place.result().doubles("particles"), replayed = try replay(place, ranks: 2)
    let squares = zip(replayed, particles).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    expectClose(
      try flow.values(attribute: "replay_distance", as: Double.self)[0], (squares / 411).squareRoot(), relative: 0.3)
    let again = try place.run(ranks: 3, output: "other")
    #expect(again.exitCode == 0)
    expectSameBits(try place.result("other").doubles("particles"), particles)
    let other = try HDF5File(reading: place.folder.file("other/flow.h5"))
    #expect(try other.values(of: "field", as: Int64.self) == flow.values(of: "field", as: Int64.self))
  }
}
