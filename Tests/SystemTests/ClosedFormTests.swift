import Foundation
import Support
import Testing

/// Cases whose answer can be written down.
@Suite struct ClosedFormTests {
  /// Between Diracs at a distance r, the divergence is L r for every f, as the network may separate them at slope L.
  @Test(arguments: [0.5, 1.0, 5.0], [1, 2])
  func diracs(lipschitz: Double, ranks: Int) throws {
    let place = try Workplace(), distance = 3.0
    try write(rows: .init(repeating: [0, 0], count: 64), to: place.folder.file("source.npy"))
    try write(rows: .init(repeating: [Float(distance), 0], count: 64), to: place.folder.file("target.npy"))
    try place.write(
      deck: """
        seed: 1
        source: {file: source.npy}
        target: {file: target.npy}
        divergence: {f: kl, lipschitz: \(lipschitz)}
        discriminator: {hidden: [32, 32], activation: relu, constraint: spectral}
        training: {iterations: 1500, learning_rate: 0.01}
        transport: {integrator: euler, time_step: 0.001, steps: 1}
        flow: {start: none}
        """)
    let outcome = try place.run(ranks: ranks)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    let divergence = try #require(try result.doubles("metrics/divergence").first)
    expectClose(divergence, lipschitz * distance, relative: 1e-2, "divergence")
    #expect(divergence <= lipschitz * distance * 1.001, "the network is steeper than L")
    expectClose(try result.doubles("metrics/maximum_speed"), [lipschitz], relative: 1e-2, "maximum speed")
    expectClose(
      try result.doubles("metrics/fisher_information"), [lipschitz * lipschitz], relative: 2e-2, "Fisher information")
    // All went the same way, towards the target.
    let moved = try result.doubles("particles")
    expectClose(
      moved, (0..<128).map { $0 % 2 == 0 ? 0.001 * lipschitz : 0 }, absolute: 1.5e-4 * lipschitz, "particles")
  }

  /// Far from the target every particle moves at nearly the highest speed there is, and none faster.
  @Test func farGaussians() throws {
    let place = try Workplace(), lipschitz = 2.0
    try place.write(
      deck: """
        seed: 1
        source: {sampler: gaussian, count: 300, dimension: 2, standard_deviation: 0.5}
        target: {sampler: gaussian_mixture, count: 200, means: [[40, 0]], standard_deviation: 0.5}
        divergence: {f: kl, lipschitz: \(lipschitz)}
        discriminator: {hidden: [32, 32], activation: relu, constraint: spectral}
        training: {iterations: 200, learning_rate: 0.01}
        transport: {integrator: euler, time_step: 0.1, steps: 10}
        output: {frames_every: 5}
        flow: {start: none}
        """)
    let outcome = try place.run(ranks: 2)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    let speed = try result.doubles("metrics/maximum_speed")
    #expect(speed.count == 10 && speed.allSatisfy { $0 <= lipschitz * 1.001 }, "\(speed)")
    expectClose(try #require(speed.last), lipschitz, relative: 1e-2, "maximum speed")
    expectClose(
      try #require(try result.doubles("metrics/fisher_information").last), lipschitz * lipschitz, relative: 2e-2,
      "Fisher information")
    // 5 steps of 0.1 at speed 2 along the first axis.
    let halfway: [Double] = try result.file.values(of: "frames/particles", from: 1, rows: 1)
    let end = try result.doubles("particles")
    let way = (0..<300).map { end[2 * $0] - halfway[2 * $0] }
    let mean = way.reduce(0, +) / 300
    expectClose(mean, 1.0, absolute: 0.05, "mean way of the last five steps")
  }
}
