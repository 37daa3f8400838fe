import Support
import Testing

/// Particles move at up to speed L, and at nearly that where the target is far and the network tight.
@Suite struct SpeedTests {
  @Test(arguments: ["max_min", "smooth_max_min, smoothing: 0.05"])
  func farParticles(activation: String) throws {
    let place = try Workplace(), bound = 1.7
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 300, mean: [20, 0, 5], standard_deviation: 0.5}
        target: {sampler: gaussian, count: 200, dimension: 3, standard_deviation: 0.5}
        divergence: {lipschitz: \(bound)}
        discriminator: {constraint: orthonormal, activation: \(activation)}
        training: {iterations: 400, learning_rate: 0.01}
        transport: {integrator: euler, time_step: 1, steps: 1}
        output: {frames_every: 1}
        flow: {start: none}
        """)
    let outcome = try place.run(ranks: 2)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let frames = try place.result().doubles("frames/particles"), count = frames.count / 2
    let speeds = stride(from: 0, to: count, by: 3).map { i in
      (i..<i + 3).reduce(0) { $0 + (frames[count + $1] - frames[$1]) * (frames[count + $1] - frames[$1]) }.squareRoot()
    }
    #expect(speeds.count == 300)
    #expect((speeds.max() ?? 0) <= bound * (1 + 1e-3))
    #expect((speeds.min() ?? 0) > 0.95 * bound)
  }
}
