import Support
import Testing

/// Runs with methods that need older velocities or choose their steps.
@Suite struct IntegratorsTests {
  private static let deck = """
    seed: 3
    source: {sampler: gaussian, count: 611, dimension: 2}
    target: {sampler: gaussian, count: 407, dimension: 2, mean: 2}
    generated: {sampler: gaussian, count: 203, dimension: 2}
    training: {iterations: 2}
    divergence: {lipschitz: 1}
    transport: {integrator: INTEGRATOR, time_step: 0.2, steps: 9}
    output: {frames_every: 3}
    checkpoint: {every: 4}
    stop: {automatic: false}
    """

  private func place(_ integrator: String, _ more: String = "") throws -> Workplace {
    let place = try Workplace()
    try place.write(deck: Self.deck.replacing("INTEGRATOR", with: integrator + more))
    return place
  }

  private func results(_ place: Workplace, ranks: Int, output: String, _ arguments: [String] = []) throws -> [String:
    [Double]]
  {
    let outcome = try place.run(ranks: ranks, output: output, arguments)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    return try place.result(output).reproducible()
  }

  /// A checkpoint in the middle holds older velocities and the next step's length.
  @Test(arguments: [
    ("adams_bashforth_2", ""), ("adams_bashforth_5", ""), ("adams_moulton_4", ""),
    ("bogacki_shampine", ", error: 1.0e-3"),
  ])
  func bitsOnRanksAndAfterARestart(_ integrator: String, _ more: String) throws {
    let place = try place(integrator, more)
    let alone = try results(place, ranks: 1, output: "alone")
    #expect(alone["metrics/time"]?.count == 9)
    for ranks in [3, 7] {
      let together = try results(place, ranks: ranks, output: "on-\(ranks)")
      for (dataset, values) in alone { expectSameBits(together[dataset] ?? [], values, "\(dataset) on \(ranks) ranks") }
    }
    _ = try results(place, ranks: 2, output: "continued", ["--set", "transport.steps=6"])
    let continued = try results(place, ranks: 3, output: "continued", ["--restart"])
    for name in ["particles", "generated", "metrics/divergence", "metrics/dissipation_balance", "metrics/time"] {
      expectSameBits(continued[name] ?? [], alone[name] ?? [], "\(name) of the continued run")
    }
  }

  /// A tight tolerance shortens the steps, a wide one lengthens them.
  @Test func toleranceChoosesTheSteps() throws {
    let place = try place("bogacki_shampine")
    let tight = try results(place, ranks: 2, output: "tight", ["--set", "transport.error=1.0e-4"])
    let wide = try results(place, ranks: 2, output: "wide", ["--set", "transport.error=0.1"])
    let times = (tight["metrics/time"] ?? [], wide["metrics/time"] ?? [])
    #expect(try #require(times.0.last) < 9 * 0.2 && #require(times.1.last) > 9 * 0.2, "\(times)")
  }

  @Test func refusesWhatDoesNotGoTogether() throws {
    let cases: [(String, [String], [String])] = [
      ("adams_moulton_3", ["transport.schedule=linear"], ["transport.schedule", "adams_moulton_3", "constant"]),
      ("bogacki_shampine", ["transport.schedule=linear"], ["transport.schedule", "bogacki_shampine"]),
      ("heun", ["transport.error=0.1"], ["transport.error", "bogacki_shampine"]),
      ("bogacki_shampine", ["transport.error=0"], ["transport.error", "above 0"]),
      ("adams_bashfort_3", [], ["did you mean adams_bashforth_3"]),
    ]
    for (integrator, settings, words) in cases {
      let place = try place(integrator)
      let outcome = try place.run(settings.flatMap { ["--set", $0] })
      #expect(outcome.exitCode == 2, "\(outcome.description)")
      for word in words { #expect(outcome.errors.contains(word), "\(word): \(outcome.description)") }
    }
  }
}

extension IntegratorsTests {
  /// The balance of Theorem 2 follows from the columns beside it.
  @Test func dissipationBalance() throws {
    let place = try place("euler"), found = try results(place, ranks: 2, output: "out")
    let divergence = try #require(found["metrics/divergence"]),
      fisher = try #require(found["metrics/fisher_information"])
    let balance = try #require(found["metrics/dissipation_balance"])
    let relative = try #require(found["metrics/dissipation_balance_relative"])
    var dissipated = 0.0
    for i in divergence.indices {
      expectClose(balance[i], divergence[i] - divergence[0] + dissipated, absolute: 1e-12)
      expectClose(relative[i], dissipated > 0 ? balance[i] / dissipated : 0, absolute: 1e-12)
      dissipated += 0.2 * fisher[i]
    }
    let mean = try #require(found["metrics/mean_speed"]), largest = try #require(found["metrics/maximum_speed"])
    for i in mean.indices {
      #expect(mean[i] <= fisher[i].squareRoot() * (1 + 1e-12) && mean[i] > 0 && mean[i] < largest[i])
    }
  }
}
