import Foundation
import HDF5
import Support
import Testing

/// Streams that take nothing, words and names that are no UTF-8, and a system without /proc.
@Suite struct StreamsTests {
  private let place: Workplace

  init() throws {
    place = try Workplace()
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 50, dimension: 2}
        target: {sampler: gaussian, count: 50, dimension: 2, mean: [3, 0]}
        divergence: {lipschitz: 1}
        discriminator: {hidden: [4]}
        transport: {steps: 5, time_step: 0.1}
        stop: {automatic: false}
        """)
  }

  /// Runs words of a shell in which `$gpa` is the program.
  private func shell(_ script: String, ranks: Int? = nil) throws -> MPIJob.Outcome {
    try MPIJob.run(
      ranks: ranks, executable: "/bin/bash", arguments: ["-c", "gpa='\(try product(named: "gpa-mpi"))'; " + script],
      folder: place.folder.path)
  }

  private static let questions = [
    "--list", "--keys", "--help", "--version", "check deck.yaml", "divergence a.npy b.npy --json",
  ]

  /// An answer that does not get out is no answer.
  @Test(arguments: questions) func answersThatCannotBeWritten(question: String) throws {
    for (name, shift) in [("a.npy", Float(0)), ("b.npy", 1)] {
      try write(rows: (0..<8).map { [Float($0 * $0) / 8 + shift, shift] }, to: place.folder.file(name))
    }
    for (stream, reason) in [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")] {
      let outcome = try shell("exec $gpa \(question) \(stream)")
      #expect(outcome.exitCode == 1, "\(stream): \(outcome.description)")
      #expect(
        outcome.errors == "gpa-mpi: cannot write to standard output (\(reason))\n", "\(stream): \(outcome.description)")
    }
    // Nobody reads on: that needs no words.
    let closed = try shell("(sleep 0.3; exec $gpa \(question)) | true; exit ${PIPESTATUS[0]}")
    #expect(closed.exitCode != 0 && closed.errors.isEmpty, "\(closed.description)")
    #expect(try shell("exec $gpa \(question)").exitCode == 0)
  }

  @Test func answersOfManyRanks() throws {
    let outcome = try shell("exec $gpa --list >/dev/full", ranks: 2)
    #expect(outcome.exitCode == 1, "\(outcome.description)")
    #expect(
      outcome.errors.contains("cannot write to standard output (No space left on device)"), "\(outcome.description)")
  }

  /// What a run says on the console is in its log; where it cannot be written the run goes on, and a stream that is closed
  /// lends its number to no file of the run.
  @Test(arguments: [">/dev/full", ">&-", ">&- 2>&- <&-", "| true"]) func consoleThatTakesNothing(stream: String) throws
  {
    let outcome = try shell("$gpa run deck.yaml --output out \(stream); exit ${PIPESTATUS[0]}")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.description)")
    #expect(try place.result().status == "finished")
    #expect(try place.text("log.txt").contains("finished: all 5 steps made"))
    #expect(try place.text("metrics.csv").split(separator: "\n").count == 6)
    #expect(!place.exists("out/in-use"))
  }

  /// Names in another encoding than UTF-8, and with a colon, which MPI's file layers take for something else.
  @Test(arguments: ["romio321", "ompio"], [1, 2, 7]) func namesOfAllKinds(layer: String, ranks: Int) throws {
    let outcome = try shell(
      """
      set -e; mv deck.yaml $'d\\xe9ck.yaml'; $gpa check $'d\\xe9ck.yaml' >/dev/null
      export OMPI_MCA_io=\(layer)
      mpirun --oversubscribe --bind-to none -n \(ranks) $gpa run $'d\\xe9ck.yaml' --output $'14:30:05 \\xff' --quiet
      test -f $'14:30:05 \\xff/run.h5' && mv $'14:30:05 \\xff' out
      mpirun --oversubscribe --bind-to none -n \(ranks) $gpa run $'d\\xe9ck.yaml' --quiet --set 'name=a:b'
      test -f runs/a:b/run.h5
      """)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(try place.result().status == "finished")
    #expect(try place.result().integers("metrics/step") == [1, 2, 3, 4, 5])
  }

  /// A message names a file by its own bytes.
  @Test func messagesKeepBytes() throws {
    let outcome = try shell("$gpa check $'\\xe9.yaml' 2>&1 | od -An -tx1 | tr -d ' \\n'")
    #expect(outcome.output.contains("27e92e79616d6c27"), "\(outcome.description)")
  }

  @Test(.enabled(if: geteuid() == 0, "needs root")) func withoutProc() throws {
    let outcome = try shell(
      "unshare -m bash -c \"mount -t tmpfs tmpfs /proc && exec $gpa run deck.yaml --output out --quiet\"")
    guard !outcome.errors.contains("unshare") else { return }
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(try place.result().status == "finished")
  }

  /// A lost terminal and used-up processor time leave a checkpoint; what nohup has the job ignore is ignored.
  @Test(arguments: ["HUP", "XCPU"]) func signals(name: String) throws {
    let long = "run deck.yaml --set transport.steps=100000000 --set output.frames_every=0 --set checkpoint.every=0"
    let wait = "while [ \"$(wc -l <out/metrics.csv 2>/dev/null || echo 0)\" -lt 5 ]; do sleep 0.01; done"
    let outcome = try shell("$gpa \(long) --output out & \(wait); kill -\(name) $!; wait $!")
    #expect(outcome.exitCode == 4 && place.exists("out/checkpoint.gpa"), "\(outcome.description)")
    #expect(outcome.output.contains("interrupted: SIG\(name) was received"), "\(outcome.description)")
    guard name == "HUP" else { return }
    let kept = try shell(
      "trap '' HUP; rm -r out; $gpa \(long) --output out & \(wait); kill -HUP $!; sleep 0.5; kill -USR1 $!; wait $!")
    #expect(kept.exitCode == 4 && kept.output.contains("interrupted: SIGUSR1 was received"), "\(kept.description)")
  }
}
