import Runs
import Testing

/// What the batch system says of a job.
@Suite struct BatchJobTests {
  @Test(
    arguments: [
      ("59", 59), ("1:02", 62), ("2:00:03", 7203), ("1-00:00:00", 86400), ("UNLIMITED", nil), ("", nil), ("1-2-3", nil),
      ("INVALID", nil), ("1::2", nil),
    ] as [(String, Double?)])
  func timeLeft(_ text: String, _ seconds: Double?) { #expect(BatchJob.seconds(text) == seconds) }
}
