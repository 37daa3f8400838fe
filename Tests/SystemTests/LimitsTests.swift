import Foundation
import Support
import Testing

/// Limits of the shell and small shared memory: a message with the figures and exit code 2, and no signal.
@Suite(.serialized) struct LimitsTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 200, dimension: 10}
        target: {sampler: gaussian, count: 100, dimension: 10}
        divergence: {lipschitz: 1}
        discriminator: {hidden: [8]}
        transport: {time_step: 0.1, steps: 2}
        output: {frames_every: 0}
        checkpoint: {every: 0}
        """)
  }

  /// Runs words of a shell in which `$run` is a run of the deck under mpirun.
  private func shell(_ script: String, ranks: Int = 2) throws -> MPIJob.Outcome {
    let gpa = "gpa='\(try product(named: "gpa-mpi"))'; "
    let run = "run=\"mpirun --oversubscribe --bind-to none -n \(ranks) $gpa run deck.yaml --output out\"; "
    return try MPIJob.run(
      ranks: nil, executable: "/bin/bash", arguments: ["-c", gpa + run + script], folder: place.folder.path)
  }

  /// OpenBLAS asks for ever for memory that it does not get, unless it is told of one thread in time.
  @Test(arguments: [150_000, 450_000, 1_000_000], ["-v", "-d"]) func addressSpace(kilobytes: Int, option: String) throws
  {
    let outcome = try shell(
      "unset OPENBLAS_NUM_THREADS; ulimit \(option) \(kilobytes); exec $gpa run deck.yaml --output out")
    if outcome.exitCode == 2 {
      #expect(kilobytes < 450_000 && outcome.errors.contains("MPI and OpenBLAS need "), "\(outcome.description)")
      #expect(outcome.errors.contains("(ulimit \(option)), of which "), "\(outcome.description)")
      #expect(!place.exists("out"))
    } else {
      #expect(outcome.exitCode == 0 && kilobytes >= 450_000, "\(outcome.description)")
    }
  }

  @Test(arguments: [1, 2]) func deckBeyondALimit(ranks: Int) throws {
    let outcome = try shell(
      "ulimit -v 1500000; exec $run --set source.count=60000000", ranks: ranks)
    #expect(outcome.exitCode == 2 && !place.exists("out"), "\(outcome.description)")
    #expect(outcome.errors.contains("particles, targets and network of this deck need "), "\(outcome.description)")
    #expect(outcome.errors.contains(" GB") && outcome.errors.contains("ulimit -v"), "\(outcome.description)")
  }

  /// Memory that ranks share is reserved before it is used, or lies elsewhere.
  @Test(.enabled(if: geteuid() == 0, "needs root")) func smallSharedMemory() throws {
    let big = "$run --set target.count=800000 --set training.iterations=1 --set transport.steps=1"
    func small(_ words: String) throws -> MPIJob.Outcome {
      try shell("export run gpa; unshare -m bash -c 'mount -t tmpfs -o size=16M tmpfs /dev/shm && \(words)'")
    }
    let refused = try small(big)
    guard !refused.errors.contains("unshare") else { return }
    #expect(refused.exitCode == 2 && !place.exists("out"), "\(refused.description)")
    #expect(refused.errors.contains("memory that they share, in /dev/shm, where "), "\(refused.description)")
    let elsewhere = try small("GPA_SHARED_MEMORY=/tmp " + big)
    #expect(elsewhere.exitCode == 0, "\(elsewhere.description)")
  }
}
