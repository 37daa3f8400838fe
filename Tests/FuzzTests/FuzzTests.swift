import Foundation
import Support
import Testing

/// Damaged and hostile inputs of every reader: each is read or refused with a message. The program that reads them must
/// not crash, not hang and not ask for much memory.
///
/// `GPA_FUZZ_INPUTS` and `GPA_FUZZ_SEED` set how many inputs there are over all readers, and which.
@Suite(.serialized) struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let inputs = environment["GPA_FUZZ_INPUTS"].flatMap { Int($0) } ?? 12_000
  private static let seed = environment["GPA_FUZZ_SEED"].flatMap { Int($0) } ?? 1

  @Test(arguments: ["deck", "npy", "npz", "csv", "idx", "h5", "h5ad", "checkpoint"])
  func reader(_ name: String) throws {
    let count = (Self.inputs + 7) / 8
    var first = 0, deaths: [String] = []
    while first < count, deaths.count < 1000 {
      let folder = try TemporaryFolder()
      let outcome = try MPIJob.run(
        ranks: nil, executable: try product(named: "gpa-fuzz"),
        arguments: [name, "\(Self.seed)", "\(first)", "\(count - first)", folder.path],
        environment: ["SWIFT_BACKTRACE": "enable=no"], timeout: 3000)
      #expect(outcome.exitCode < 3 || outcome.exitCode > 4, "\(outcome.output)")
      print(outcome.output, terminator: "")
      if outcome.exitCode < 128 && !outcome.timedOut { break }
      // Which input it was, and on from the next.
      let text = try String(contentsOfFile: folder.file("index"), encoding: .utf8)
      let index = try #require(text.split(separator: "\n").first.flatMap { Int($0) })
      deaths.append("gpa-fuzz \(name) \(Self.seed) \(index) 1 ends by signal \(outcome.exitCode - 128)")
      first = index + 1
    }
    print("fuzz: \(name), seed \(Self.seed): \(count) inputs, \(deaths.count) crashes or hangs")
    #expect(deaths.isEmpty, "\(deaths.count) deaths: \(deaths.prefix(20).joined(separator: "; "))")
  }
}
