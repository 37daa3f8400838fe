import MessagePassing
import Support
import Testing

@Suite(.serialized) struct CommunicatorTests {
  private func run(_ word: String, ranks: Int, environment: [String: String] = [:]) throws -> MPIJob.Outcome {
    try MPIJob.run(
      ranks: ranks, executable: try product(named: "gpa-ranks"), arguments: [word], environment: environment)
  }

  /// MPI counts are 32-bit numbers; what is longer goes in parts, here of a few bytes.
  @Test(arguments: [2, 3, 7]) func longMessagesGoInParts(ranks: Int) throws {
    let outcome = try run("parts", ranks: ranks)
    #expect(outcome.exitCode == 0 && outcome.output.isEmpty, "\(outcome.description)")
  }

  /// The sums that all ranks share hold every rank's numbers, each time.
  @Test(arguments: [1, 2, 3, 7, 31]) func sharedSums(ranks: Int) throws {
    let outcome = try run("sums", ranks: ranks)
    #expect(outcome.exitCode == 0 && outcome.output.isEmpty, "\(outcome.description)")
  }

  /// All ranks are told, and none waits for ever.
  @Test func differentCallsAreFound() throws {
    let outcome = try run("calls", ranks: 3, environment: ["GPA_CHECK_COLLECTIVES": "1"])
    #expect(outcome.exitCode == 2 && !outcome.timedOut, "\(outcome.description)")
    let text = "ranks 0 and 1 in gather with the count 8, rank 2 in barrier with the count 0"
    #expect(outcome.output.contains(text), "\(outcome.description)")
  }

  @Test func differentNumbersAreFound() throws {
    let outcome = try run("numbers", ranks: 4)
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(outcome.output.contains("rank 1 (on "), "\(outcome.description)")
    #expect(outcome.output.contains("do not agree on the number"), "\(outcome.description)")
  }

  @Test func minority() {
    #expect(Disagreement.minority(of: [1, 1, 1]) == [])
    #expect(Disagreement.minority(of: [1, 2, 1, 3]) == [1, 3])
    #expect(Disagreement.minority(of: [1, 2]) == [1])
    #expect(Disagreement.minority(of: [2, 1, 1]) == [0])
    #expect(Disagreement.minority(of: []) == [])
  }

  @Test func rankLists() {
    #expect(rankList([3]) == "rank 3")
    #expect(rankList([1, 0]) == "ranks 0 and 1")
    #expect(rankList([0, 2, 5, 6, 7]) == "ranks 0, 2 and 5 to 7")
    #expect(rankList([4, 5, 6]) == "ranks 4 to 6")
  }
}
