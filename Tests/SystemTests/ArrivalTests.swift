import Foundation
import Support
import Testing

/// Data far from the origin and in other units: they are learned as any others, and who learned nothing has not converged.
@Suite struct ArrivalTests {
  /// Four clusters around the rows of a source, moved and scaled; with numbers in the data's units for the other deck.
  private func place(scale: Double, offset: Double, more: String = "") throws -> Workplace {
    let place = try Workplace()
    var state: UInt64 = 1
    func noise() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53) - 0.5
    }
    func line(_ x: Double, _ y: Double) -> String {
      "\((x + noise()) * scale + offset),\((y + noise()) * scale + offset)\n"
    }
    let corners = [(4.0, 0.0), (-4.0, 0.0), (0.0, 4.0), (0.0, -4.0)]
    _ = try place.folder.write("x,y\n" + (0..<120).map { _ in line(0, 0) }.joined(), to: "source.csv")
    _ = try place.folder.write(
      "x,y\n" + (0..<120).map { line(corners[$0 % 4].0, corners[$0 % 4].1) }.joined(), to: "target.csv")
    try place.write(
      deck: """
        source: {file: source.csv}
        target: {file: target.csv}
        transport: {steps: 120}
        output: {frames_every: 0}
        checkpoint: {every: 40}
        \(more)
        """)
    return place
  }

  private func energyDistances(_ outcome: MPIJob.Outcome) throws -> (end: Double, start: Double) {
    let line = try #require(
      outcome.output.split(separator: "\n").first { $0.hasPrefix("energy distance of particles and target: ") })
    let numbers = line.split { " ,".contains($0) }.compactMap { Double($0) }
    try #require(numbers.count == 2, "\(line)")
    return (numbers[0], numbers[1])
  }

  @Test(arguments: [(1.0, 0.0, 1), (1.0, 300, 2), (1e-4, 0, 3), (1e5, -3e9, 1), (1, 1e6, 7)])
  func arrives(_ job: (scale: Double, offset: Double, ranks: Int)) throws {
    let outcome = try place(scale: job.scale, offset: job.offset).run(ranks: job.ranks)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let distances = try energyDistances(outcome)
    #expect(distances.end < 0.03 * distances.start, "\(outcome.output)")
    #expect(abs(distances.start / job.scale - 2.59) < 0.02, "\(outcome.output)")
    #expect(!outcome.output.contains("hardly"), "\(outcome.output)")
  }

  /// The network without a scale is blind there, its divergence 0: no reason to call that converged.
  @Test(arguments: [1, 3], ["divergence: 0.001", "fisher_information: 1.0e-4"])
  func blindNetworkHasNotConverged(ranks: Int, rule: String) throws {
    let place = try place(
      scale: 1, offset: 300,
      more: """
        discriminator: {scale: none}
        stop: {\(rule), automatic: false}
        """)
    let outcome = try place.run(ranks: ranks)
    #expect(outcome.exitCode == 0 && outcome.output.contains("finished: all 120 steps made"), "\(outcome.description)")
    #expect(outcome.output.components(separatedBy: "not converged: ").count == 2, "\(outcome.output)")
    #expect(outcome.output.contains("have hardly come nearer"), "\(outcome.output)")
    // Nor has it when more steps are asked for.
    let continued = try place.run(ranks: ranks, ["--restart", "--set", "transport.steps=125"])
    #expect(
      continued.exitCode == 0 && continued.output.contains("continued after step "), "\(continued.description)")
  }

  @Test func whoArrivesConverges() throws {
    let place = try place(scale: 1, offset: 300, more: "stop: {divergence: 0.02}")
    let outcome = try place.run(ranks: 2)
    #expect(outcome.exitCode == 0 && outcome.output.contains("converged: divergence "), "\(outcome.description)")
    let distances = try energyDistances(outcome)
    #expect(distances.end < 0.2 * distances.start, "\(outcome.output)")
  }
}
