import Foundation
import Support
import Testing

/// How runs end: exit code, status, and what is stored then.
@Suite struct EndsTests {
  private static let deck = """
    name: ends
    seed: 5
    source: {sampler: gaussian, count: 101, dimension: 2, standard_deviation: 0.5}
    target: {sampler: gaussian_mixture, count: 67, means: [[3, 0]], standard_deviation: 0.5}
    divergence: {f: kl, lipschitz: 1.0}
    discriminator: {hidden: [16, 16], activation: relu}
    training: {iterations: 2, learning_rate: 0.01}
    transport: {integrator: heun, time_step: 0.1, steps: 6}
    output: {frames_every: 2}
    stop: {automatic: false}
    flow: {start: none}
    """

  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(deck: Self.deck)
    return place
  }

  @Test(
    arguments: [
      ["training.learning_rate=1e30"], ["training.learning_rate=1e30", "divergence.lipschitz=.inf"],
    ], [1, 3])
  func divergedInTraining(_ settings: [String], ranks: Int) throws {
    let place = try place()
    let outcome = try place.run(ranks: ranks, settings.flatMap { ["--set", $0] })
    #expect(outcome.exitCode == 3, "\(outcome.description)")
    #expect(outcome.output.contains("diverged: "), "\(outcome.output)")
    let result = try place.result()
    #expect(try result.status == "diverged")
    try expectFinite(result)
  }

  /// A move past the largest float32 is a divergence too, also where no later training would notice it.
  @Test(arguments: [1, 3], [1, 3])
  func divergedInTheMove(steps: Int, ranks: Int) throws {
    let place = try place()
    let outcome = try place.run(
      ranks: ranks,
      [
        "--set", "transport.integrator=euler", "--set", "transport.time_step=3e37", "--set",
        "divergence.lipschitz=.inf",
        "--set", "training.learning_rate=10", "--set", "training.iterations=50", "--set", "transport.steps=\(steps)",
      ])
    #expect(outcome.exitCode == 3, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.status == "diverged")
    try expectFinite(result)
  }

  /// phi changes by hundreds in one iteration where the target is far and the learning rate large; that is no divergence.
  @Test(arguments: [("forward", 20), ("reverse", 220)], [1, 3])
  func leapsOfPhi(_ job: (direction: String, steps: Int), ranks: Int) throws {
    let place = try Workplace(), mean = [Int](repeating: 20, count: 40)
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 200, dimension: 40}
        target: {sampler: gaussian, count: 150, dimension: 40, mean: \(mean), standard_deviation: 2}
        divergence: {lipschitz: 1, direction: \(job.direction)}
        discriminator: {activation: smooth_max_min, smoothing: 0.3}
        training: {learning_rate: 0.05, iterations: 5}
        transport: {integrator: euler, time_step: 0.02, steps: \(job.steps)}
        output: {frames_every: 0}
        """)
    let outcome = try place.run(ranks: ranks)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
  }

  private func expectFinite(_ result: RunResult) throws {
    for (name, values) in try result.reproducible() {
      #expect(values.allSatisfy { $0.isFinite }, "\(name) is not finite")
    }
    #expect(try result.file.shape(of: "particles") == [101, 2])
    let frames: [Double] = try result.file.values(of: "frames/particles")
    // The last good state: of a run that fails in its first step, the start.
    if try result.integers("metrics/step").isEmpty {
      expectSameBits(try result.doubles("particles"), Array(frames.prefix(202)))
    }
  }

  @Test(arguments: ["stop.fisher_information=1e6", "stop.divergence=1e6"], [1, 3])
  func converged(_ stop: String, ranks: Int) throws {
    let place = try place()
    let outcome = try place.run(ranks: ranks, ["--set", stop])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.status == "converged")
    #expect(try result.integers("metrics/step") == [1])
    #expect(try result.integers("frames/step") == [0, 1])
    #expect(outcome.output.contains("converged: "), "\(outcome.output)")
  }

  @Test func notConvergedAtATinyTolerance() throws {
    let place = try place()
    let outcome = try place.run(["--set", "stop.fisher_information=1e-30"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(try place.result().status == "finished")
    #expect(try place.result().integers("metrics/step") == [1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: [1, 3])
  func wallTime(ranks: Int) throws {
    let place = try place()
    let outcome = try place.run(
      ranks: ranks,
      [
        "--set", "stop.wall_time=0:00:01", "--set", "transport.steps=1000000000", "--set", "output.frames_every=0",
        "--quiet",
      ])
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.status == "interrupted")
    let steps = try result.integers("metrics/step")
    #expect(steps.count > 1 && steps == (1...Int64(max(steps.count, 1))).map { $0 })
    // The frames are those of the uninterrupted run; the checkpoint holds the particles.
    #expect(try result.integers("frames/step") == [0])
    try expectFinite(result)
  }

  /// A job of a batch system ends before its time is over, with the exit code that the deck wants.
  @Test func endOfTheBatchJob() throws {
    let place = try place()
    let words =
      ["run", "deck.yaml", "--output", "out"]
      + ["stop.wall_time=auto", "stop.exit_code=0", "transport.steps=1000000000", "output.frames_every=0"]
      .flatMap { ["--set", $0] }
    let end = Int(Date().timeIntervalSince1970) + 13
    let outcome = try MPIJob.run(
      ranks: 2, arguments: words, environment: ["SLURM_JOB_END_TIME": "\(end)"], folder: place.folder.path)
    #expect(outcome.exitCode == 0 && outcome.output.contains("interrupted: the wall time of"), "\(outcome.description)")
    #expect(Date().timeIntervalSince1970 < Double(end))
    #expect(try place.result().status == "interrupted")
    // The rest needs no limit, and has none where no batch system is.
    let made = try place.result().integers("metrics/step").count
    let rest = try place.run(
      ranks: 2,
      [
        "--restart", "--set", "stop.wall_time=auto", "--set", "transport.steps=\(made + 2)", "--set",
        "output.frames_every=0",
      ])
    #expect(rest.exitCode == 0 && rest.output.contains("so there is no limit"), "\(rest.description)")
    #expect(try place.result().status == "finished")
  }
}
