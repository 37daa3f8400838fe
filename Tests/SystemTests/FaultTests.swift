import Foundation
import HDF5
import Support
import Testing

/// Ranks that stop, die or disagree, disks that are full, folders that vanish: the job ends by itself, says what happened
/// and how to go on, and the run is not lost.
@Suite(.serialized) struct FaultTests {
  /// The stopped rank is named, and none of those that wait for it.
  @Test(arguments: [1, 2]) func stoppedRankIsNamed(_ rank: Int) throws {
    let job = try InterruptedRun(), started = try job.start(3, "--watchdog", "3")
    try job.wait(forStep: 45)
    let victim = started.ranks[rank]
    kill(victim, SIGSTOP)
    let outcome = started.wait(timeout: 100)
    kill(victim, SIGKILL)
    #expect(!outcome.timedOut && outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.errors.contains(": rank \(rank) (on "), "\(outcome.description)")
    #expect(outcome.errors.contains("did not arrive and gives no answer\n"), "\(outcome.description)")
    #expect(
      outcome.errors.contains("to continue: mpirun -q -n 3 gpa-mpi run deck.yaml --output run --watchdog 3.0 --restart")
    )
    #expect(try job.restart(2, "--watchdog", "100").exitCode == 0)
    try job.expectUndisturbedBits()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: job.run).sorted() == [
        "checkpoint.gpa", "checkpoint.previous.gpa", "log.txt", "metrics.csv", "run.h5",
      ])
  }

  @Test func watchdogNeedsSeconds() throws {
    let job = try InterruptedRun()
    for words in [["--watchdog", "soon"], ["--watchdog", "0"], ["--watchdog"]] {
      let outcome = try MPIJob.run(ranks: 2, arguments: ["run", "deck.yaml"] + words, folder: job.folder.path)
      #expect(outcome.exitCode == 2 && outcome.errors.contains("--watchdog needs"), "\(outcome.description)")
    }
  }

  /// Also where it is the root that is killed.
  @Test(arguments: [0, 2]) func killedRank(_ rank: Int) throws {
    let job = try InterruptedRun(), started = try job.start(3)
    try job.wait(forStep: 30)
    kill(started.ranks[rank], SIGKILL)
    let outcome = started.wait(timeout: 60)
    #expect(!outcome.timedOut && outcome.exitCode != 0, "\(outcome.description)")
    let advice = "to continue: mpirun -q -n 3 gpa-mpi run deck.yaml --output run --restart"
    #expect(outcome.errors.components(separatedBy: advice).count == 2, "\(outcome.description)")
  }

  /// The first asks for an end after the step; in a step that takes for ever the second is obeyed.
  @Test func secondInterruptEndsAtOnce() throws {
    let job = try InterruptedRun(), started = try job.start(2, "--set", "training.iterations=1000000000")
    for _ in 0..<2000 where !started.outputSoFar.contains("particle-steps/s") { usleep(5000) }
    usleep(200_000)
    let victim = try #require(started.ranks.first)
    kill(victim, SIGINT)
    usleep(500_000)
    #expect(MPIJob.isRunning(victim), "\(started.errorsSoFar)")
    kill(victim, SIGINT)
    let outcome = started.wait(timeout: 60)
    #expect(!outcome.timedOut && outcome.exitCode != 0 && outcome.exitCode != 4, "\(outcome.description)")
  }

  /// The folder of a run is removed while it goes on.
  @Test(arguments: [1, 3]) func removedFolder(ranks: Int) throws {
    let job = try InterruptedRun(), started = try job.start(ranks)
    try job.wait(forStep: 30)
    // The job removes files of its own meanwhile.
    for _ in 0..<3 where FileManager.default.fileExists(atPath: job.run) {
      try? FileManager.default.removeItem(atPath: job.run)
    }
    let outcome = started.wait(timeout: 60)
    #expect(!outcome.timedOut && outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.errors.contains("gpa-mpi: "), "\(outcome.description)")
    #expect(outcome.errors.contains("No such file or directory") || outcome.errors.contains("was removed"))
    #expect(try job.restart(2).exitCode == 0)
    try job.expectUndisturbedBits()
  }

  private static let canMount: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
    guard mount("none", folder.path, "tmpfs", 0, "size=64k") == 0 else { return false }
    umount(folder.path)
    return true
  }()

  /// A disk that is full from some step on: the error says so, and the run goes on from its checkpoint where there is room.
  @Test(.enabled(if: canMount, "mounting a file system is not permitted here"), arguments: [1, 3], [5, 0])
  func fullDisk(ranks: Int, framesEvery: Int) throws {
    let disk = try TemporaryFolder()
    try #require(mount("none", disk.path, "tmpfs", 0, "size=1m") == 0)
    defer { umount(disk.path) }
    let job = try InterruptedRun(output: disk.file("run"))
    let frames = ["--set", "output.frames_every=\(framesEvery)", "--set", "checkpoint.every=3"]
    // With few frames, something else fills the disk in the midst of the run.
    let started = try MPIJob(
      ranks: ranks, arguments: ["run", "deck.yaml", "--output", job.run] + frames, folder: job.folder.path)
    if framesEvery == 0 {
      try job.wait(forStep: 50)
      let filler = fopen(disk.file("filler"), "w")
      let block = [UInt8](repeating: 1, count: 1 << 14)
      setvbuf(filler, nil, _IONBF, 0)
      while fwrite(block, 1, block.count, filler) == block.count {}
      fclose(filler)
    }
    let outcome = started.wait(timeout: 60)
    #expect(!outcome.timedOut && outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.errors.contains("No space left on device"), "\(outcome.description)")
    #expect(outcome.errors.contains("to continue: "), "\(outcome.description)")
    #expect(!outcome.errors.contains("crashed"), "\(outcome.description)")
    try? FileManager.default.removeItem(atPath: disk.file("filler"))
    try #require(mount("none", disk.path, "tmpfs", UInt(MS_REMOUNT), "size=64m") == 0)
    #expect(try !InterruptedRun.Result(job.run).datasets.isEmpty)
    let again = try job.restart(2, "--set", "output.frames_every=100")
    #expect(again.exitCode == 0 && again.output.contains("continued after step"), "\(again.description)")
    #expect(!again.errors.contains("warning"), "\(again.description)")
    if framesEvery == 0 { try job.expectUndisturbedBits() }
  }

  /// A disk without room for the result file, and a limit on the size of files: both are said at the start.
  @Test(.enabled(if: canMount, "mounting a file system is not permitted here"), arguments: [1, 3])
  func noRoomFromTheStart(ranks: Int) throws {
    let disk = try TemporaryFolder()
    try #require(mount("none", disk.path, "tmpfs", 0, "size=64k") == 0)
    defer { umount(disk.path) }
    let job = try InterruptedRun(output: disk.file("run")), outcome = try job.start(ranks).wait(timeout: 60)
    #expect(!outcome.timedOut && outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.errors.contains("No space left on device"), "\(outcome.description)")
    #expect(!outcome.errors.contains("signal"), "\(outcome.description)")
  }

  @Test func limitedFileSize() throws {
    let job = try InterruptedRun(), program = try product(named: "gpa-mpi")
    let words = "run deck.yaml --output run --set output.frames_every=1"
    let outcome = try MPIJob.run(
      ranks: 1, executable: "/bin/bash", arguments: ["-c", "ulimit -f 400; exec '\(program)' \(words)"],
      folder: job.folder.path)
    #expect(!outcome.timedOut && outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.errors.contains("File too large"), "\(outcome.description)")
    #expect(outcome.errors.contains("to continue: "), "\(outcome.description)")
    #expect(try !InterruptedRun.Result(job.run).datasets.isEmpty)
  }

  /// A particle that only one rank has leaves the range of float32.
  @Test func notFiniteIsNamedWithItsRank() throws {
    let place = try Workplace()
    var rows: [[Float]] = (0..<200).map { [Float($0 % 13) / 13, Float($0 % 7) / 7] }
    rows[199] = [3.4e38, -3.4e38]
    rows[198] = [-3.4e38, 3.4e38]
    try write(rows: rows, to: place.folder.file("source.npy"))
    try place.write(
      deck: """
        source: {file: source.npy}
        target: {sampler: gaussian, count: 100, dimension: 2}
        discriminator: {hidden: [8]}
        transport: {integrator: euler, time_step: 1e37, steps: 3}
        """)
    let outcome = try place.run(ranks: 3)
    #expect(outcome.exitCode == 3, "\(outcome.description)")
    #expect(outcome.output.contains("is not finite (on rank 2) in step 1"), "\(outcome.output)")
  }

  /// Another build of the program, or other words, on one rank.
  @Test(arguments: [true, false]) func ranksThatDisagreeAreNamed(inProgram: Bool) throws {
    let job = try InterruptedRun(), program = try product(named: "gpa-mpi"), other = job.folder.file("gpa-mpi-other")
    try FileManager.default.copyItem(atPath: program, toPath: other)
    if inProgram {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: other))
      try file.seekToEnd()
      try file.write(contentsOf: Data([0]))
      try file.close()
    }
    let words = ["run", "deck.yaml", "--output", "run"]
    let last = words + (inProgram ? [] : ["--set", "seed=3"])
    let outcome = try MPIJob.run(
      ranks: 2, arguments: words + [":", "-n", "1", inProgram ? other : program] + last, folder: job.folder.path)
    #expect(outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.errors.contains("rank 2 (on "), "\(outcome.description)")
    #expect(outcome.errors.contains(inProgram ? "do not agree on the program" : "do not agree on the command line"))
    #expect(!FileManager.default.fileExists(atPath: job.run))
  }

  /// The debugging aid finds nothing to complain of, and changes nothing.
  @Test func checkedCollectives() throws {
    let job = try InterruptedRun()
    let started = try job.start(3, environment: ["GPA_CHECK_COLLECTIVES": "1"]), outcome = started.wait(timeout: 100)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    try job.expectUndisturbedBits()
  }
}
