import Foundation
import HDF5
import Support
import Testing

/// A run in a folder of its own that is to be interrupted, and the undisturbed run that it is compared with.
struct InterruptedRun {
  static let deck = """
    name: restarts
    source: {sampler: gaussian, count: 1500, mean: [0, 1, 0], standard_deviation: 0.5}
    target: {sampler: swiss_roll, count: 200, scale: 0.1}
    generated: {sampler: gaussian, count: 130, mean: [0, 1, 0], standard_deviation: 0.5}
    training: {reset_moments: false}
    transport: {integrator: heun, time_step: 0.1, steps: 600}
    output: {frames_every: 100}
    checkpoint: {every: 20}
    stop: {automatic: false}
    """

  /// All that a run leaves, save its times: the datasets' numbers by path, and the lines of metrics.csv.
  struct Result {
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

  /// The undisturbed run on one rank, made once.
  private static let undisturbed: Swift.Result<Result, any Error> = Swift.Result {
    let folder = try TemporaryFolder()
    _ = try folder.write(deck, to: "deck.yaml")
    let outcome = try MPIJob.run(
      ranks: 1, arguments: ["run", "deck.yaml", "--output", "run", "--quiet"], folder: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    return try Result(folder.file("run"))
  }

  /// Where the deck and, by default, the run folder are.
  let folder: TemporaryFolder
  /// The run folder.
  let run: String

  /// A folder with the deck in it; `output` is another place for the run folder.
  init(output: String? = nil) throws {
    folder = try TemporaryFolder()
    _ = try folder.write(Self.deck, to: "deck.yaml")
    run = output ?? folder.file("run")
  }

  private var words: [String] { ["run", "deck.yaml", "--output", run.hasPrefix(folder.path) ? "run" : run] }

  func start(
    _ ranks: Int, _ further: String..., mpirun: [String] = [], environment: [String: String] = [:]
  ) throws -> MPIJob {
    try MPIJob(
      ranks: ranks, arguments: words + further, environment: environment, folder: folder.path, mpirunArguments: mpirun)
  }

  func restart(_ ranks: Int, _ further: String..., mpirun: [String] = []) throws -> MPIJob.Outcome {
    try MPIJob.run(
      ranks: ranks, arguments: words + ["--restart"] + further, folder: folder.path, mpirunArguments: mpirun)
  }

  /// Ends a run of two ranks by the file STOP after some steps.
  func interrupt(afterStep step: Int = 50) throws {
    let started = try start(2)
    try wait(forStep: step)
    _ = try folder.write("", to: "run/STOP")
    let outcome = started.wait(timeout: 60)
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    #expect(outcome.output.contains("to continue: mpirun -q -n 2 gpa-mpi run deck.yaml --output run --restart"))
    #expect(!FileManager.default.fileExists(atPath: run + "/STOP"))
  }

  /// Waits until metrics.csv has the row of a step.
  func wait(forStep step: Int) throws {
    for _ in 0..<12_000 {
      let text = (try? String(contentsOfFile: run + "/metrics.csv", encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count > step { return }
      usleep(5000)
    }
    throw SupportError("step \(step) is not made")
  }

  func expectUndisturbedBits() throws {
    let result = try Result(run), differences = try result.differences(from: Self.undisturbed.get())
    #expect(differences.isEmpty)
    let steps = result.lines.dropFirst().compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }
    #expect(steps == Array(1...600))
  }
}
