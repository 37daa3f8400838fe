import Support
import Testing

/// The numbers of ranks and threads change no bit of a result.
@Suite struct BitsTests {
  private static let sets = """
    seed: 11
    source: {sampler: gaussian, count: 1013, dimension: 3, standard_deviation: 0.5}
    target: {sampler: gaussian_mixture, count: 517, means: [[2, 0, 0], [0, 2, 1]], standard_deviation: 0.5}
    generated: {sampler: gaussian, count: 333, dimension: 3, standard_deviation: 0.5}
    output: {frames_every: 2}
    discriminator: {hidden: [16, 16], activation: relu}
    transport: {integrator: heun, time_step: 0.1, steps: 5}
    """

  private static let training = "\ntraining: {iterations: 2, learning_rate: 0.01}\n"

  static let decks = [
    "kl": sets + training + "divergence: {f: kl, lipschitz: 1.0}\n",
    "orthonormal": sets.replacing("activation: relu", with: "activation: smooth_max_min, constraint: orthonormal")
      + training + "divergence: {f: kl, lipschitz: 1.0}\n",
    "reverse alpha": sets + training
      + "divergence: {f: alpha, alpha: 2.0, formulation: legendre, direction: reverse, lipschitz: 1.0}\n",
  ]

  /// More parameters than are summed in one piece, and layers of more than one slab.
  private static let wide = """
    source: {sampler: gaussian, count: 203, dimension: 700}
    target: {sampler: gaussian, count: 150, dimension: 700, mean: 1}
    discriminator: {constraint: CONSTRAINT}
    transport: {steps: 2}
    """

  @Test(arguments: ["orthonormal", "normalized", "spectral"])
  func wideNetworksAsWell(_ constraint: String) throws {
    let place = try Workplace()
    try place.write(deck: Self.wide.replacing("CONSTRAINT", with: constraint))
    let alone = try results(place, ranks: 1)
    #expect(alone["discriminator/weight_0"]?.count == 700 * 32)
    for (ranks, threads) in [(3, 1), (1, 2), (2, 3)] {
      let together = try results(place, ranks: ranks, ["--threads", "\(threads)"])
      for (dataset, values) in alone {
        expectSameBits(together[dataset] ?? [], values, "\(dataset) on \(ranks) ranks of \(threads) threads")
      }
    }
  }

  @Test(arguments: ["kl", "orthonormal", "reverse alpha"])
  func sameOnAnyNumberOfRanks(_ name: String) throws {
    let place = try Workplace()
    try place.write(deck: try #require(Self.decks[name]))
    let alone = try results(place, ranks: 1)
    #expect(alone["particles"]?.count == 3 * 1013)
    #expect(alone["generated"]?.count == 3 * 333)
    #expect(alone["metrics/divergence"]?.count == 5)
    #expect(alone["discriminator/weight_0"]?.count == 3 * 16)
    for (ranks, threads) in [(2, 1), (3, 1), (7, 1), (32, 1), (1, 2), (2, 3)] {
      let together = try results(place, ranks: ranks, threads == 1 ? [] : ["--threads", "\(threads)"])
      #expect(together.keys.sorted() == alone.keys.sorted())
      for (dataset, values) in alone {
        expectSameBits(together[dataset] ?? [], values, "\(dataset) on \(ranks) ranks of \(threads) threads")
      }
    }
  }

  @Test func anotherSeedGivesOtherParticles() throws {
    let place = try Workplace()
    try place.write(deck: try #require(Self.decks["kl"]))
    let one = try results(place, ranks: 1), other = try results(place, ranks: 1, ["--set", "seed=12"])
    #expect(one["particles"] != other["particles"])
    #expect(one["generated"] != other["generated"])
  }

  private func results(_ place: Workplace, ranks: Int, _ arguments: [String] = []) throws -> [String: [Double]] {
    let output = "out-\(ranks)-\(arguments.joined())"
    let outcome = try place.run(ranks: ranks, output: output, arguments)
    try #require(outcome.exitCode == 0, "\(ranks) ranks: \(outcome.description)")
    return try place.result(output).reproducible()
  }
}
