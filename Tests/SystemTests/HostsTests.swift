import Foundation
import Support
import Testing

/// Jobs on several machines.
@Suite(.serialized, .enabled(if: FourHosts.obstacle == nil, "\(FourHosts.obstacle ?? "")")) struct HostsTests {
  private let hosts: FourHosts

  init() throws { hosts = try FourHosts() }

  /// The bits are those of one rank, and each host holds the target set once.
  @Test func sameBitsOverTheNetwork() throws {
    let job = try InterruptedRun(), outcome = try job.restart(8, mpirun: hosts.mpirunArguments)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.output.contains("8 ranks on 4 nodes"), "\(outcome.description)")
    try job.expectUndisturbedBits()
  }

  /// Sums go from host to host whole and in pieces.
  @Test func sharedSums() throws {
    let outcome = try MPIJob.run(
      ranks: 8, executable: try product(named: "gpa-ranks"), arguments: ["sums"],
      mpirunArguments: hosts.mpirunArguments)
    #expect(outcome.exitCode == 0 && outcome.output.isEmpty, "\(outcome.description)")
  }

  /// A host that is cut off ends the job, and the run goes on without loss.
  @Test func cutLink() throws {
    let job = try InterruptedRun()
    let started = try job.start(8, "--watchdog", "12", mpirun: hosts.mpirunArguments)
    try job.wait(forStep: 50)
    try hosts.setLink(ofHost: 3, up: false)
    let outcome = started.wait(timeout: 100)
    #expect(!outcome.timedOut && outcome.exitCode != 0, "\(outcome.description)")
    #expect(outcome.errors.contains("to continue: "), "\(outcome.description)")
    // Either mpirun notices that the host's daemon is gone, or the ranks that their step does not end.
    let isTold = outcome.errors.contains("lost communication") || outcome.errors.contains("watchdog")
    #expect(isTold, "\(outcome.description)")
    try hosts.setLink(ofHost: 3, up: true)
    let again = try job.restart(8, mpirun: hosts.mpirunArguments)
    #expect(again.exitCode == 0 && again.output.contains("continued after step"), "\(again.description)")
    try job.expectUndisturbedBits()
  }
}
