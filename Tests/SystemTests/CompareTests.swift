import Foundation
import HDF5
import Support
import Testing

/// Two runs beside each other.
@Suite struct CompareTests {
  private func place() throws -> Workplace {
    let place = try Workplace()
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 60, dimension: 2}
        target: {sampler: two_moons, count: 40}
        transport: {steps: 6}
        stop: {automatic: false}
        output: {frames_every: 2}

        """)
    #expect(try place.run(ranks: 1).exitCode == 0)
    return place
  }

  @Test func sameBits() throws {
    let place = try place()
    #expect(try place.run(ranks: 3, output: "other").exitCode == 0)
    let outcome = try place.command(["compare", "out", "other"])
    #expect(
      outcome.exitCode == 0 && outcome.output == "the same bits in all that both have\n", "\(outcome.description)")
  }

  /// What was changed is found: a step, a particle at the end; and how far apart it is.
  @Test func firstDifference() throws {
    let place = try place()
    #expect(try place.run(ranks: 1, output: "other").exitCode == 0)
    let path = place.folder.file("other/run.h5")
    let speeds = try place.result("other").doubles("metrics/maximum_speed")
    let particles = try place.result("other").floats("particles")
    try HDF5File.change(path, adding: 0) { file in
      var changed = speeds
      changed[3] = speeds[3].nextUp.nextUp
      changed[4] += 1
      try changed.withUnsafeBufferPointer { buffer in
        if let start = buffer.baseAddress { try file.write(start, to: "metrics/maximum_speed", rows: 0..<6) }
      }
      var moved = particles
      moved[21] = particles[21].nextDown
      try moved.withUnsafeBufferPointer { buffer in
        if let start = buffer.baseAddress { try file.write(start, to: "particles", rows: 0..<60) }
      }
    }
    let outcome = try place.command(["compare", "out", "other"])
    #expect(outcome.exitCode == 1, "\(outcome.description)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 2, "\(lines)")
    #expect(lines[0].hasPrefix("step 4: maximum_speed: ") && lines[0].hasSuffix(", 2 ulps apart"), "\(lines)")
    #expect(lines[1].hasPrefix("particles: row 11, column 2: ") && lines[1].hasSuffix(", 1 ulp apart"), "\(lines)")
  }

  @Test func otherDecksAndNoRun() throws {
    let place = try place()
    #expect(try place.run(output: "other", ["--set", "seed=4", "--set", "transport.steps=5"]).exitCode == 0)
    let outcome = try place.command(["compare", "out", "other"])
    #expect(outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.output.contains("the decks differ: ") && outcome.output.contains("transport.steps"))
    #expect(outcome.output.contains("one made 5 steps, the other 6") && outcome.output.contains("step 1: divergence"))
    let none = try place.command(["compare", "out", "nowhere"])
    #expect(none.exitCode == 2 && none.errors.contains("nowhere"), "\(none.description)")
  }
}
