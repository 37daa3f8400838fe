import Support
import Testing

/// Rows that stand on the root, transformed in jobs of several ranks.
@Suite struct RanksTests {
  @Test func bitsAndErrorsAreThoseOfAllRanks() throws {
    var outputs: Set<String> = []
    for ranks in [1, 2, 3, 7] {
      let job = try MPIJob(ranks: ranks, executable: try product(named: "gpa-ranks"), arguments: ["transforms"])
      let outcome = job.wait(timeout: 60)
      #expect(outcome.exitCode == 0, "\(outcome.description)")
      outputs.insert(outcome.output)
    }
    #expect(outputs.count == 1 && outputs.first?.hasPrefix("bits ") == true)
  }
}
