import Support
import Testing

/// Whole runs follow the float64 oracle.
@Suite struct TracesTests {
  @Test(
    .enabled(if: sharedFolder(named: "oracle") != nil, "the oracle's traces are not beside the package"),
    arguments: Trace.all, [1, 2, 3])
  func follows(_ trace: Trace, ranks: Int) throws {
    let place = try Workplace()
    try place.write(deck: trace.deck)
    let outcome = try place.run(ranks: ranks)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let truth = try NumPyFile.readArchive(trace.path)
    let result = try place.result()
    let trajectory = try #require(truth["trajectory"])
    let frame = trajectory.shape[1] * trajectory.shape[2]
    let first = Array(trajectory.values.prefix(frame)), last = Array(trajectory.values.suffix(frame))
    let movement = zip(first, last).map { abs($0 - $1) }.max() ?? 0
    #expect(movement > 1e-3, "a trace in which nothing moves shows nothing")
    expectClose(
      try result.doubles("particles"), last, absolute: trace.tolerance * movement, "particles")
    expectClose(
      try result.doubles("metrics/divergence"), try #require(truth["divergence"]).values, relative: trace.tolerance,
      "divergence")
    expectClose(
      try result.doubles("metrics/fisher_information"), try #require(truth["fisher_information"]).values,
      relative: trace.tolerance, "Fisher information")
    try expectFrames(result, trajectory, absolute: trace.tolerance * movement)
  }

  /// The frames are the whole trajectory, the start included.
  private func expectFrames(_ result: RunResult, _ trajectory: NumPyArray, absolute: Double) throws {
    #expect(try result.file.shape(of: "frames/particles") == trajectory.shape)
    #expect(try result.integers("frames/step") == (0..<Int64(trajectory.shape[0])).map { $0 })
    expectClose(try result.doubles("frames/particles"), trajectory.values, absolute: absolute, "frames")
  }

  @Test(.enabled(if: sharedFolder(named: "oracle") != nil, "the oracle's traces are not beside the package"))
  func thereAreTraces() {
    #expect(Trace.all.count >= 23)
  }
}
