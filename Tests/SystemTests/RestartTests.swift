import Foundation
import HDF5
import Support
import Testing

/// Runs that are interrupted in every way and continued on another number of ranks end with the bits of the run that was
/// left alone.
@Suite(.serialized) struct RestartTests {
  private static let deck = """
    name: restarts
    source: {sampler: gaussian, count: 1500, mean: [0, 1, 0], standard_deviation: 0.5}
    target: {sampler: swiss_roll, count: 200, scale: 0.1}
    generated: {sampler: gaussian, count: 130, mean: [0, 1, 0], standard_deviation: 0.5}
    training: {reset_moments: false}
    transport: {integrator: heun, time_step: 0.1, steps: 600}
    output: {frames_every: 100}
    checkpoint: {every: 20}
    """

  /// All that a run leaves, save its times: the datasets' numbers by path, and the lines of metrics.csv.
  private struct Result: Equatable {
    var datasets: [String: [Double]] = [:]
    var lines: [String] = []

    init(_ folder: String) throws {
      let file = try HDF5File(reading: folder + "/run.h5")
      for name in try file.datasets() where !name.hasPrefix("timing") { datasets[name] = try file.values(of: name) }
      lines = try String(contentsOfFile: folder + "/metrics.csv", encoding: .utf8).split(separator: "\n").map(
        String.init)
    }

    /// The names of what differs.
    func differences(from other: Result) -> [String] {
      let names = Set(datasets.keys).union(other.datasets.keys)
      func bits(_ values: [Double]?) -> [UInt64]? { values?.map(\.bitPattern) }
      return names.filter { bits(datasets[$0]) != bits(other.datasets[$0]) }.sorted()
        + (lines == other.lines ? [] : ["metrics.csv"])
    }
  }

  /// A folder with the deck and the undisturbed run of it, made once.
  private static let undisturbed: Swift.Result<Result, any Error> = Swift.Result {
    let folder = try TemporaryFolder()
    _ = try folder.write(deck, to: "deck.yaml")
    let outcome = try MPIJob.run(
      ranks: 2, arguments: ["run", "deck.yaml", "--output", "run", "--quiet"], folder: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    return try Result(folder.file("run"))
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(Self.deck, to: "deck.yaml")
  }

  private var run: String { folder.file("run") }

  private func start(_ ranks: Int, _ further: String...) throws -> MPIJob {
    try MPIJob(
      ranks: ranks, arguments: ["run", "deck.yaml", "--output", "run"] + further, folder: folder.path)
  }

  private func restart(_ ranks: Int, _ further: String...) throws -> MPIJob.Outcome {
    try MPIJob.run(
      ranks: ranks, arguments: ["run", "deck.yaml", "--output", "run", "--restart"] + further, folder: folder.path)
  }

  /// Waits until metrics.csv has the row of a step.
  private func wait(forStep step: Int) throws {
    for _ in 0..<12_000 {
      let text = (try? String(contentsOfFile: run + "/metrics.csv", encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count > step { return }
      usleep(5000)
    }
    throw SupportError("step \(step) is not made")
  }

  private func expectUndisturbedBits() throws {
    let differences = try Result(run).differences(from: Self.undisturbed.get())
    #expect(differences.isEmpty)
    let steps = try Result(run).lines.dropFirst().compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }
    #expect(steps == Array(1...600))
  }

  /// Ends a run of two ranks by the file STOP after some steps.
  private func interrupt(afterStep step: Int = 50) throws {
    let job = try start(2)
    try wait(forStep: step)
    _ = try folder.write("", to: "run/STOP")
    let outcome = job.wait(timeout: 60)
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    #expect(outcome.output.contains("to continue: gpa-mpi run deck.yaml --output run --restart"))
    #expect(!FileManager.default.fileExists(atPath: run + "/STOP"))
  }

  @Test func stopFile() throws {
    try interrupt()
    let outcome = try restart(3)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    try expectUndisturbedBits()
    let before = try FileManager.default.contentsOfDirectory(atPath: run).sorted(), again = try restart(1)
    #expect(again.exitCode == 0 && again.output.contains("over already (finished)"), "\(again.description)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == before)
    try expectUndisturbedBits()
  }

  @Test(arguments: [SIGUSR1, SIGTERM, SIGINT]) func signalOnOneRank(signal: Int32) throws {
    let job = try start(3)
    try wait(forStep: 30)
    kill(try #require(job.ranks.last), signal)
    let outcome = job.wait(timeout: 60)
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    #expect(try restart(1).exitCode == 0)
    try expectUndisturbedBits()
  }

  @Test func wallTime() throws {
    let outcome = try MPIJob.run(
      ranks: 2, arguments: ["run", "deck.yaml", "--output", "run", "--set", "stop.wall_time=0:00:01"],
      folder: folder.path)
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    #expect(outcome.output.contains("the wall time of 0:00:01 is used up"))
    #expect(try restart(4).exitCode == 0)
    try expectUndisturbedBits()
  }

  @Test func killedRanks() throws {
    for (ranks, step) in [(2, 10), (3, 130), (1, 250)] {
      let job = try start(ranks, "--restart")
      try wait(forStep: step)
      kill(try #require(job.ranks.last), SIGKILL)
      let outcome = job.wait(timeout: 60)
      #expect(outcome.exitCode != 0 && !outcome.timedOut, "\(outcome.description)")
    }
    let outcome = try restart(4)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    try expectUndisturbedBits()
  }

  @Test(arguments: [true, false]) func damagedCheckpoint(isTruncated: Bool) throws {
    try interrupt()
    let url = URL(fileURLWithPath: run + "/checkpoint.h5")
    var data = try Data(contentsOf: url)
    if isTruncated {
      data.removeLast(data.count / 2)
    } else {
      let file = try HDF5File(reading: url.path)
      let first = try file.floats(of: "particles", from: 700, rows: 1)
      let bytes = first.withUnsafeBytes { Data($0) }
      let place = try #require(data.range(of: bytes))
      data[place.lowerBound + 1] ^= 4
    }
    try data.write(to: url)
    let outcome = try restart(3)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.errors.contains("continuing from the previous checkpoint"), "\(outcome.description)")
    #expect(isTruncated || outcome.errors.contains("the dataset 'particles' is damaged"), "\(outcome.description)")
    try expectUndisturbedBits()
  }

  @Test func changedDeck() throws {
    try interrupt()
    let outcome = try restart(2, "--set", "divergence.lipschitz=2", "--set", "seed=4", "--set", "transport.steps=700")
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(outcome.errors.contains("seed, divergence.lipschitz differ"), "\(outcome.description)")
    #expect(try restart(1, "--set", "checkpoint.every=0", "--set", "stop.wall_time=1:00:00").exitCode == 0)
    try expectUndisturbedBits()
    let both = try restart(1, "--overwrite")
    #expect(both.exitCode == 2 && both.errors.contains("give one of them"))
  }
}
