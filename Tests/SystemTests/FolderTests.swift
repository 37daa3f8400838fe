import Foundation
import HDF5
import Support
import Testing

/// Nothing in a run folder is lost by a flag that is missing, or by a second job.
@Suite(.serialized) struct FolderTests {
  private static let deck = """
    name: folders
    source: {sampler: gaussian, count: 150, dimension: 2}
    target: {sampler: gaussian, count: 100, dimension: 2, mean: [3, 0]}
    divergence: {lipschitz: 1}
    discriminator: {hidden: [8]}
    transport: {steps: 300, time_step: 0.1}
    output: {frames_every: 10}
    checkpoint: {every: 10}
    stop: {automatic: false}
    """
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(deck: Self.deck)
  }

  private var out: String { place.folder.file("out") }

  private func contents() throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: out) {
      found[name] = FileManager.default.contents(atPath: out + "/" + name) ?? Data()
    }
    return found
  }

  /// Expects a refusal that says something, and nothing in the folder touched.
  private func expectRefusal(
    _ words: [String], ranks: Int = 1, says: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try contents(), outcome = try place.run(ranks: ranks, words)
    #expect(outcome.exitCode == 2, "\(words): \(outcome.description)", sourceLocation: sourceLocation)
    #expect(outcome.errors.contains(says), "\(words): \(outcome.description)", sourceLocation: sourceLocation)
    #expect(try contents() == before, "\(words)", sourceLocation: sourceLocation)
  }

  /// Leaves a run that was interrupted before its last step.
  private func interrupt(_ words: [String] = []) throws {
    let outcome = try place.run(["--set", "transport.steps=1000000", "--set", "stop.wall_time=0:00:01"] + words)
    try #require(outcome.exitCode == 4, "\(outcome.description)")
  }

  /// While a job goes on, no other comes in, whatever it is told; the first is not disturbed.
  @Test(arguments: [1, 3]) func twoJobs(ranks: Int) throws {
    let job = try InterruptedRun(), first = try job.start(2)
    try job.wait(forStep: 30)
    // It does not end before the others have tried.
    for rank in first.ranks { kill(rank, SIGSTOP) }
    defer { for rank in first.ranks { kill(rank, SIGCONT) } }
    for words in [[], ["--restart"], ["--overwrite"], ["--restart", "--set", "seed=9"]] {
      let outcome = try MPIJob.run(
        ranks: ranks, arguments: ["run", "deck.yaml", "--output", "run"] + words, folder: job.folder.path)
      #expect(outcome.exitCode == 2, "\(words): \(outcome.description)")
      #expect(
        outcome.errors.components(separatedBy: "another job works in the folder 'run': process ").count == 2,
        "\(words): \(outcome.description)")
    }
    for rank in first.ranks { kill(rank, SIGCONT) }
    #expect(first.wait(timeout: 100).exitCode == 0)
    try job.expectUndisturbedBits()
    #expect(!FileManager.default.fileExists(atPath: job.run + "/in-use"))
  }

  /// Two that start at the same time, in a folder that is not there yet: one runs, the other is refused.
  @Test(arguments: [[], ["--restart"], ["--overwrite"]]) func twoAtOnce(words: [String]) throws {
    let jobs = try (1...2).map { seed in
      try MPIJob(
        ranks: 2,
        arguments: ["run", "deck.yaml", "--output", "out", "--set", "seed=\(seed)", "--set", "transport.steps=5000"]
          + words,
        folder: place.folder.path)
    }
    let outcomes = jobs.map { $0.wait(timeout: 100) }
    #expect(outcomes.map(\.exitCode).sorted() == [0, 2], "\(outcomes.map(\.description))")
    let seed: [Int64] = try place.result().file.values(attribute: "seed")
    #expect(outcomes.firstIndex { $0.exitCode == 0 } == seed.first.map { Int($0) - 1 })
    #expect(try place.result().integers("metrics/step") == Array(1...5000))
  }

  @Test func interruptedRunsAreKept() throws {
    try interrupt()
    for ranks in [1, 3] {
      try expectRefusal(["--set", "transport.steps=5"], ranks: ranks, says: "--restart continues it")
    }
    #expect(try place.run(["--overwrite", "--set", "transport.steps=5"]).exitCode == 0)
    try expectRefusal([], says: "holds a run that has finished")
  }

  /// Killed before the first checkpoint: kept as well, and what starts anew says so.
  @Test func killedRunsAreKept() throws {
    let words = ["--set", "checkpoint.every=0", "--set", "transport.steps=1000000"]
    let started = try MPIJob(
      ranks: nil, arguments: ["run", "deck.yaml", "--output", "out"] + words, folder: place.folder.path)
    for _ in 0..<2000 {
      if let made = try? place.text("metrics.csv"), made.split(separator: "\n").count > 30 { break }
      usleep(5000)
    }
    started.send(SIGKILL)
    #expect(started.wait(timeout: 20).exitCode == 128 + SIGKILL)
    #expect(place.exists("out/in-use"))
    unlink(out + "/in-use")
    try expectRefusal([], says: "holds an unfinished run")
    try expectRefusal(["--restart", "--set", "seed=2"], says: "seed differs")
    let outcome = try place.run(["--restart"])
    #expect(outcome.exitCode == 0 && outcome.output.contains("no checkpoint: it starts anew"), "\(outcome.description)")
    #expect(try place.result().integers("metrics/step") == Array(1...300))
  }

  /// A checkpoint that should be there and is not.
  @Test func lostCheckpoints() throws {
    try interrupt()
    for name in ["checkpoint.gpa", "checkpoint.previous.gpa"] { unlink(out + "/" + name) }
    try expectRefusal(["--restart"], says: "no checkpoint from which it could go on")
  }

  @Test(arguments: ["log.txt", "metrics.csv", "run.h5", "checkpoint.gpa"]) func filesOfTheUser(name: String) throws {
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    _ = try place.folder.write("my notes\n", to: "out/" + name)
    for words in [[], ["--restart"], ["--overwrite"]] {
      try expectRefusal(words, ranks: 2, says: "/\(name)' was not written by a run")
    }
  }

  /// `gpa-mpi` alone makes its own run again, and replaces no other.
  @Test func builtInJob() throws {
    let few = ["--quiet", "--set", "transport.steps=3"]
    for _ in 0..<2 { #expect(try place.command(few).exitCode == 0) }
    let other = try place.command(few + ["--set", "seed=1"])
    #expect(other.exitCode == 2 && other.errors.contains("holds a run that has finished"), "\(other.description)")
    try place.write(deck: Self.deck, to: "demo.yaml")
    #expect(try place.command(["run", "demo.yaml", "--quiet", "--output", "runs/demo", "--overwrite"]).exitCode == 0)
    #expect(try place.command(few).exitCode == 2)
    let result = RunResult(file: try HDF5File(reading: place.folder.file("runs/demo/run.h5")))
    #expect(try result.file.shape(of: "particles") == [150, 2])
  }

  /// A run that is over is not taken for that of another deck.
  @Test(arguments: [["checkpoint.every=0"], ["checkpoint.every=10"]]) func changedDeckOfARunThatIsOver(set: [String])
    throws
  {
    let words = set.flatMap { ["--set", $0] }
    #expect(try place.run(words).exitCode == 0)
    for (change, says) in [
      ("source.count=1000000", "source.count differs"), ("seed=5", "seed differs"),
      ("divergence.lipschitz=auto", "divergence.lipschitz differs"),
      ("transport.steps=20", "has made 300 steps, more than"),
    ] {
      for ranks in [1, 2] { try expectRefusal(words + ["--restart", "--set", change], ranks: ranks, says: says) }
    }
    let outcome = try place.run(words + ["--restart", "--set", "output.frames_every=7"])
    #expect(outcome.exitCode == 0 && outcome.output.contains("over already (finished)"), "\(outcome.description)")
    let more = words + ["--restart", "--set", "transport.steps=310"]
    if set == ["checkpoint.every=0"] {
      try expectRefusal(more, says: "no checkpoint from which it could go on")
    } else {
      #expect(try place.run(more).exitCode == 0)
    }
  }

  @Test func changedDeckOfARunThatDiverged() throws {
    let words = ["--set", "training.learning_rate=1e30"]
    #expect(try place.run(words).exitCode == 3)
    #expect(try place.run(words + ["--restart"]).exitCode == 3)
    try expectRefusal(["--restart"], says: "training.learning_rate differs")
  }

  /// A replaced run of another deck is no secret.
  @Test func overwritingAnotherDeckIsSaid() throws {
    #expect(try place.run().exitCode == 0)
    #expect(try !place.run(["--overwrite"]).output.contains("another deck"))
    let outcome = try place.run(["--overwrite", "--set", "seed=5"])
    #expect(
      outcome.exitCode == 0 && outcome.output.contains("replaces a run of another deck: seed"), "\(outcome.description)"
    )
  }

  /// What check accepts, run accepts, with or without --restart or --overwrite; it makes and changes nothing.
  @Test func checkLooksAtTheFolder() throws {
    func check(_ words: [String], _ code: Int, says: String = "", ranks: Int = 1) throws -> String {
      let before = try? contents(), outcome = try place.command(ranks: ranks, ["check", "deck.yaml"] + words)
      #expect(
        outcome.exitCode == code && (says.isEmpty || outcome.errors.contains(says)), "\(words): \(outcome.description)")
      #expect(outcome.output.contains("name: folders"), "\(words): \(outcome.description)")
      #expect((try? contents()) == before, "\(words)")
      return outcome.output
    }
    let free = try check(["--output", "out"], 0)
    #expect(!FileManager.default.fileExists(atPath: out) && !place.exists("runs"))
    #expect(try free == check([], 0))
    for ranks in [1, 2] {
      _ = try check(["--output", "deck.yaml"], 2, says: "'deck.yaml' is not a folder", ranks: ranks)
    }
    #expect(try place.run().exitCode == 0)
    let note = "# note: the folder 'out' holds a run that has finished; --restart continues it"
    #expect(try check(["--output", "out"], 0).hasPrefix(free + note))
    #expect(try check(["--set", "output.directory=out"], 0).contains(note))
    #expect(try check(["--output", "elsewhere"], 0) == free)
    unlink(out + "/log.txt")
    _ = try place.folder.write("my notes\n", to: "out/log.txt")
    #expect(try check(["--output", "out"], 2, says: "log.txt' was not written by a run") == free)
  }

  @Test func checkSeesAJob() throws {
    let job = try InterruptedRun(), first = try job.start(2)
    try job.wait(forStep: 30)
    for rank in first.ranks { kill(rank, SIGSTOP) }
    defer { for rank in first.ranks { kill(rank, SIGCONT) } }
    let words = ["check", "deck.yaml", "--output", "run"]
    let outcome = try MPIJob.run(ranks: nil, arguments: words, folder: job.folder.path)
    #expect(
      outcome.exitCode == 2 && outcome.errors.contains("another job works in the folder 'run': process "),
      "\(outcome.description)")
    for rank in first.ranks { kill(rank, SIGCONT) }
    #expect(first.wait(timeout: 100).exitCode == 0)
    try job.expectUndisturbedBits()
  }
}
