import Foundation
import HDF5
import Support
import Testing

/// A restart whose results are damaged, lost, or may not be written.
@Suite(.serialized) struct ResultTests {
  private let job: InterruptedRun
  private var run: String { job.run }

  init() throws { job = try InterruptedRun() }

  /// The damaged file is kept, and its figures are those of metrics.csv.
  @Test(arguments: [1, 3]) func damagedResult(ranks: Int) throws {
    try job.interrupt()
    let lines = try InterruptedRun.Result(run).lines
    let url = URL(fileURLWithPath: run + "/run.h5"), damaged = try Data(contentsOf: url).prefix(4000)
    try damaged.write(to: url)
    let outcome = try job.restart(ranks)
    #expect(outcome.exitCode == 0 && outcome.errors.contains("is kept as"), "\(outcome.description)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: run + "/run.h5.damaged")) == damaged)
    let result = try InterruptedRun.Result(run)
    #expect(
      result.datasets["metrics/step"] == (1...600).map { Double($0) }
        && Array(result.lines.prefix(lines.count)) == lines)
    // Frames are in the damaged file alone.
    #expect(result.datasets["frames/step"] == [100, 200, 300, 400, 500, 600].filter { $0 > Double(lines.count - 1) })
  }

  /// One of both holds all figures by step.
  @Test(arguments: ["run.h5", "metrics.csv"]) func lostFile(name: String) throws {
    try job.interrupt()
    let lines = try InterruptedRun.Result(run).lines
    try FileManager.default.removeItem(atPath: run + "/" + name)
    let outcome = try job.restart(2)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.errors.contains("is lost and is made anew") == (name == "run.h5"), "\(outcome.description)")
    if name == "metrics.csv" { return try job.expectUndisturbedBits() }
    #expect(Array(try InterruptedRun.Result(run).lines.prefix(lines.count)) == lines)
  }

  /// With both lost, the run goes on and says which figures are lost.
  @Test func bothLost() throws {
    try job.interrupt()
    let steps = try InterruptedRun.Result(run).lines.count - 1
    for name in ["run.h5", "metrics.csv"] { try FileManager.default.removeItem(atPath: run + "/" + name) }
    let outcome = try job.restart(3)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(
      outcome.errors.contains("the figures of \(steps) of the \(steps) steps so far are in neither"),
      "\(outcome.description)")
    let result = try InterruptedRun.Result(run)
    #expect(result.datasets["metrics/step"] == (1...600).map { Double($0) } && result.lines.count == 601)
    #expect(result.datasets["metrics/divergence"].map { $0[steps - 1].isNaN && $0[steps].isFinite } == true)
  }

  /// Of a run that may not be written nothing is changed. (Root may write everything, unless the file is immutable.)
  @Test(.enabled(if: geteuid() == 0, "needs root"), arguments: [1, 2]) func writeProtected(ranks: Int) throws {
    try job.interrupt()
    let immutable = try chattr("+i", run + "/run.h5")
    guard immutable else { return }
    let before = try InterruptedRun.Result(run), outcome = try job.restart(ranks)
    _ = try chattr("-i", run + "/run.h5")
    #expect(outcome.exitCode == 2 && outcome.errors.contains("cannot write"), "\(outcome.description)")
    #expect(try InterruptedRun.Result(run).differences(from: before).isEmpty)
    #expect(try job.restart(ranks).exitCode == 0)
    try job.expectUndisturbedBits()
  }

  private func chattr(_ change: String, _ path: String) throws -> Bool {
    try MPIJob.run(ranks: nil, executable: "/usr/bin/env", arguments: ["chattr", change, path]).exitCode == 0
  }

  private static let canMount: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
    guard mount("none", folder.path, "tmpfs", 0, "size=64k") == 0 else { return false }
    umount(folder.path)
    return true
  }()

  /// On a disk that is full the results stay as they are.
  @Test(.enabled(if: canMount, "mounting a file system is not permitted here")) func fullDisk() throws {
    let disk = try TemporaryFolder()
    try #require(mount("none", disk.path, "tmpfs", 0, "size=8m") == 0)
    defer { umount(disk.path) }
    let job = try InterruptedRun(output: disk.file("run")), started = try job.start(2)
    try job.wait(forStep: 50)
    try Data().write(to: URL(fileURLWithPath: job.run + "/STOP"))
    #expect(started.wait(timeout: 60).exitCode == 4)
    let filler = fopen(disk.file("filler"), "w")
    setvbuf(filler, nil, _IONBF, 0)
    while fwrite([UInt8](repeating: 1, count: 1 << 12), 1, 1 << 12, filler) == 1 << 12 {}
    fclose(filler)
    let before = try InterruptedRun.Result(job.run), outcome = try job.restart(2)
    #expect(outcome.exitCode == 1 && outcome.errors.contains("No space left"), "\(outcome.description)")
    #expect(try InterruptedRun.Result(job.run).differences(from: before).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: job.run + "/run.h5.damaged"))
    unlink(disk.file("filler"))
    #expect(try job.restart(2).exitCode == 0)
    try job.expectUndisturbedBits()
  }
}
