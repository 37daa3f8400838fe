import Foundation
import Support
import Testing

@Suite struct NumPyFileTests {
  @Test(arguments: [false, true]) func archiveComesBack(deflated: Bool) throws {
    let folder = try TemporaryFolder()
    let arrays = [
      "a": NumPyArray(shape: [2, 3], [1, 2, 3, 4, 5, 6.5] as [Float]),
      "n": NumPyArray(shape: [], values: [0.1]),
      "none": NumPyArray(shape: [0, 4], values: [], type: .int64),
      "long": NumPyArray(shape: [1000], values: (0..<1000).map(Double.init), type: .int64),
    ]
    try NumPyFile.write(arrays, to: folder.file("x.npz"), deflated: deflated)
    #expect(try NumPyFile.readArchive(folder.file("x.npz")) == arrays)
    #expect(try folder.contents() == ["x.npz"])
  }

  @Test func arrayComesBack() throws {
    let folder = try TemporaryFolder()
    let array = NumPyArray(shape: [3, 1], values: [-1, .infinity, 1e-300])
    try NumPyFile.write(array, to: folder.file("x.npy"))
    #expect(try NumPyFile.readArray(folder.file("x.npy")) == array)
  }

  @Test(.enabled(if: sharedFolder(named: "oracle") != nil, "the oracle's traces are not beside the package"))
  func readsTheTraces() throws {
    let oracle = try #require(sharedFolder(named: "oracle"))
    let trace = try NumPyFile.readArchive(oracle.appendingPathComponent("traces/kl_euler_relu.npz").path)
    #expect(trace["trajectory"]?.shape == [13, 40, 2])
    #expect(trace["source"]?.type == .float32)
    #expect(trace["source"]?.values == trace["trajectory"].map { Array($0.values.prefix(80)) })
  }
}

@Suite struct ExpectationTests {
  @Test func gradientOfAPolynomial() {
    gradientCheck(at: [1, 2], gradient: [4, 1]) { $0[0] * $0[0] * $0[1] + 0 * $0[0] }
  }

  @Test func wrongGradientIsNoticed() {
    withKnownIssue { gradientCheck(at: [1, 2], gradient: [4, 2]) { $0[0] * $0[0] * $0[1] } }
    withKnownIssue { expectClose([1, Double.nan], [1, 1], absolute: 10) }
    withKnownIssue { expectClose(.nan, 1, absolute: 10) }
    withKnownIssue { expectSameBits([0.0], [-0.0]) }
  }

  @Test func orderOfAPower() {
    let steps = [0.1, 0.05, 0.025]
    expectClose(fitOrder(steps: steps, errors: steps.map { 3 * pow($0, 4) }), 4, absolute: 1e-9)
  }
}

@Suite(.serialized) struct MPIJobTests {
  @Test func ranksRunAndTheirOutputIsKept() throws {
    let outcome = try MPIJob.run(
      ranks: 3, executable: "/bin/sh", arguments: ["-c", "echo rank $OMPI_COMM_WORLD_RANK; echo bad $WORD >&2"],
      environment: ["WORD": "luck"], timeout: 60)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(Set(outcome.output.split(separator: "\n")) == ["rank 0", "rank 1", "rank 2"])
    #expect(outcome.errors.contains("bad luck"))
  }

  @Test func exitCodeOfAFailedRank() throws {
    let outcome = try MPIJob.run(
      ranks: 2, executable: "/bin/sh", arguments: ["-c", "exit 2"], timeout: 60)
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(try MPIJob.run(ranks: nil, executable: "/bin/false").exitCode == 1)
  }

  @Test func aHangingJobIsKilledWithAllItsProcesses() throws {
    let job = try MPIJob(
      ranks: 2, executable: "/bin/sh", arguments: ["-c", "trap '' TERM; while :; do sleep 0.2; done"])
    while job.ranks.count < 2 { usleep(10_000) }
    let ranks = job.ranks
    let outcome = job.wait(timeout: 0.2)
    #expect(outcome.timedOut)
    #expect(outcome.seconds < 30)
    #expect(ranks.count == 2)
    for rank in ranks { #expect(!MPIJob.isRunning(rank), "rank \(rank) is still there") }
  }

  @Test func hugeOutputBlocksNothing() throws {
    let outcome = try MPIJob.run(
      ranks: 1, executable: "/bin/sh", arguments: ["-c", "yes | head -c 1000000"], timeout: 60)
    #expect(outcome.output.utf8.count == 1_000_000)
  }

  @Test func missingProgramIsNamed() {
    #expect(throws: SupportError.self) { try MPIJob(ranks: nil, executable: "/nowhere/program") }
    #expect(throws: SupportError.self) { try product(named: "no-such-program") }
  }

  @Test func theProductIsFound() throws {
    #expect(try product(named: "gpa-mpi").hasSuffix("/gpa-mpi"))
  }
}
