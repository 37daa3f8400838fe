import Parameters
import Testing

@Suite struct BytesTests {
  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.00 kB"), (590e6, "590 MB"), (2.4e9, "2.40 GB"), (12.34e9, "12.3 GB"),
    (-5, "0 bytes"), (.infinity, "more than 1e12 GB"), (1e22, "more than 1e12 GB"),
  ]) func words(_ job: (bytes: Double, words: String)) { #expect(bytesInWords(job.bytes) == job.words) }
}
