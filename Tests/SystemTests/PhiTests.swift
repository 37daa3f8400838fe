import Foundation
import Support
import Testing

/// Whoever evaluates phi from run.h5 alone has the phi that moved the particles.
@Suite struct PhiTests {
  /// phi of the arrays under /phi with the activation elu, in float64.
  private struct Network {
    var layers: [(weight: [Double], bias: [Double])] = []

    init(_ result: RunResult) throws {
      while try result.file.exists("phi/weight_\(layers.count)") {
        layers.append(
          (try result.doubles("phi/weight_\(layers.count)"), try result.doubles("phi/bias_\(layers.count)")))
      }
    }

    func phi(_ point: [Double]) -> Double {
      var values = point
      for (index, layer) in layers.enumerated() {
        let columns = layer.bias.count
        var next = layer.bias
        for (row, value) in values.enumerated() {
          for column in 0..<columns { next[column] += value * layer.weight[row * columns + column] }
        }
        values = index == layers.count - 1 ? next : next.map { $0 > 0 ? $0 : exp($0) - 1 }
      }
      return values[0]
    }
  }

  @Test(arguments: ["orthonormal", "normalized", "spectral"]) func movesTheParticles(constraint: String) throws {
    let place = try Workplace()
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 40, dimension: 3}
        target: {sampler: gaussian, count: 50, dimension: 3, mean: 1}
        divergence: {lipschitz: 0.25}
        discriminator: {hidden: [12, 7], activation: elu, constraint: \(constraint)}
        transport: {integrator: euler, time_step: 1, steps: 1}
        flow: {start: none}
        """)
    let outcome = try place.run(ranks: 2)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result(), network = try Network(result)
    #expect(network.layers.count == 3)
    let frames = try result.doubles("frames/particles"), count = 40 * 3, h = 1e-5
    var moved: [Double] = [], gradients: [Double] = []
    for i in 0..<count {
      moved.append(frames[count + i] - frames[i])
      var ahead = Array(frames[i / 3 * 3..<i / 3 * 3 + 3]), behind = ahead
      ahead[i % 3] += h
      behind[i % 3] -= h
      gradients.append(-(network.phi(ahead) - network.phi(behind)) / (2 * h))
    }
    expectClose(moved, gradients, relative: 1e-4)
    // Beside them stand the parameters as the optimizer moves them, which L is not in.
    let same = try result.floats("discriminator/weight_2") == result.floats("phi/weight_2")
    #expect(same == (constraint == "spectral"))
  }
}
