import Foundation
import HDF5
import Support
import Testing

/// Runs that are interrupted in every way and continued on another number of ranks end with the bits of the run that was
/// left alone.
@Suite(.serialized) struct RestartTests {
  private let job: InterruptedRun
  private var run: String { job.run }

  init() throws { job = try InterruptedRun() }

  @Test func stopFile() throws {
    try job.interrupt()
    let outcome = try job.restart(3)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    try job.expectUndisturbedBits()
    let before = try FileManager.default.contentsOfDirectory(atPath: run).sorted(), again = try job.restart(1)
    #expect(again.exitCode == 0 && again.output.contains("over already (finished)"), "\(again.description)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == before)
    try job.expectUndisturbedBits()
  }

  @Test(arguments: [SIGUSR1, SIGTERM, SIGINT, SIGHUP, SIGXCPU]) func signalOnOneRank(signal: Int32) throws {
    let started = try job.start(3)
    try job.wait(forStep: 30)
    kill(try #require(started.ranks.last), signal)
    let outcome = started.wait(timeout: 60)
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    #expect(try job.restart(1).exitCode == 0)
    try job.expectUndisturbedBits()
  }

  /// What the README says to send.
  @Test func signalToMPIRun() throws {
    let started = try job.start(3)
    try job.wait(forStep: 30)
    started.send(SIGUSR1)
    let outcome = started.wait(timeout: 60)
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    #expect(outcome.output.contains("interrupted: SIGUSR1 was received"), "\(outcome.description)")
    #expect(try job.restart(2).exitCode == 0)
    try job.expectUndisturbedBits()
  }

  @Test func wallTime() throws {
    let outcome = try job.start(2, "--set", "stop.wall_time=0:00:01", "--set", "transport.steps=1000000").wait(
      timeout: 60)
    #expect(outcome.exitCode == 4, "\(outcome.description)")
    #expect(outcome.output.contains("the wall time of 0:00:01 is used up"))
    let steps = "transport.steps=\(try InterruptedRun.Result(run).lines.count + 20)"
    #expect(try job.restart(4, "--set", steps).exitCode == 0)
    let undisturbed = try InterruptedRun()
    #expect(try undisturbed.start(1, "--set", steps).wait(timeout: 60).exitCode == 0)
    #expect(try InterruptedRun.Result(run).differences(from: .init(undisturbed.run)).isEmpty)
  }

  @Test func killedRanks() throws {
    for (ranks, step) in [(2, 10), (3, 130), (1, 250)] {
      let started = try job.start(ranks, "--restart")
      try job.wait(forStep: step)
      kill(try #require(started.ranks.last), SIGKILL)
      let outcome = started.wait(timeout: 60)
      #expect(outcome.exitCode != 0 && !outcome.timedOut, "\(outcome.description)")
    }
    let outcome = try job.restart(4)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    try job.expectUndisturbedBits()
  }

  enum Damage: CaseIterable { case cutOff, particles, structure, end, zeroMore }

  @Test(arguments: Damage.allCases) func damagedCheckpoint(_ damage: Damage) throws {
    try job.interrupt()
    let url = URL(fileURLWithPath: run + "/checkpoint.gpa")
    var data = try Data(contentsOf: url)
    let says: String
    switch damage {
    case .cutOff:
      data.removeLast(data.count / 2)
      says = "is cut off"
    case .particles:
      data[data.count - 9000] ^= 4
      says = "the array 'flow/particles' is damaged"
    case .structure:
      data[70] ^= 4
      says = "the structure of the file is damaged"
    case .end:
      data[data.count - 20] ^= 4
      says = "the array 'flow/generated' is damaged"
    case .zeroMore:
      data.append(0)
      says = "its end is damaged"
    }
    try data.write(to: url)
    let outcome = try job.restart(3)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.errors.contains("continuing from the previous checkpoint"), "\(outcome.description)")
    #expect(outcome.errors.contains(says), "\(outcome.description)")
    try job.expectUndisturbedBits()
  }

  /// What a variant brings is the run's as any other key.
  @Test func changedParameterOfAVariant() throws {
    let place = try Workplace()
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 50, dimension: 2}
        target: {sampler: gaussian, count: 50, dimension: 2}
        discriminator: {activation: leaky_relu, leak: 0.01}
        transport: {steps: 1000000}
        stop: {wall_time: "0:00:01", automatic: false}
        """)
    try #require(try place.run().exitCode == 4)
    #expect(try place.result().file.text(attribute: "deck").contains("leak: 0.01\n"))
    let changed = try place.run(["--restart", "--set", "discriminator.leak=0.9"])
    #expect(
      changed.exitCode == 2 && changed.errors.contains(": discriminator.leak differs"), "\(changed.description)")
    #expect(try place.run(["--restart"]).exitCode == 4)
  }

  @Test func changedDeck() throws {
    try job.interrupt()
    let outcome = try job.restart(
      2, "--set", "divergence.lipschitz=2", "--set", "seed=4", "--set", "transport.steps=700")
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(outcome.errors.contains("seed, divergence.lipschitz differ"), "\(outcome.description)")
    #expect(try job.restart(1, "--set", "checkpoint.every=0", "--set", "stop.wall_time=1:00:00").exitCode == 0)
    try job.expectUndisturbedBits()
    let both = try job.restart(1, "--overwrite")
    #expect(both.exitCode == 2 && both.errors.contains("give one of them"))
  }
}
