import Discriminator
import Foundation
import Numerics
import Testing

@Suite struct NetworkTests {
  private func network(
    _ activation: Int, _ constraint: Int, dimension: Int = 3, lipschitz: Double = 1, hidden: [Int] = [8, 6]
  ) throws -> Network {
    let activation: any Activation = try JSONDecoder().decode(activations[activation], from: Data("{}".utf8))
    let constraint: any Constraint = try JSONDecoder().decode(constraints[constraint], from: Data("{}".utf8))
    let network = Network(
      dimension: dimension, hidden: hidden, activation: activation, constraint: constraint, lipschitz: lipschitz)
    network.initialise(from: RandomNumbers(seed: 3, purpose: .test))
    for layer in 0..<network.layers {
      for i in 0..<network.widths[layer + 1] { network.stored[network.biasOffsets[layer] + i] = 0.1 * Float(i % 3) }
    }
    network.constrain()
    return network
  }

  private func points(_ rows: Int, dimension: Int = 3, scale: Double = 2) -> Matrix {
    let points = Matrix(rows: rows, columns: dimension)
    var stream = RandomNumbers(seed: 4, purpose: .test).stream(rows)
    for i in 0..<points.count { points.elements[i] = Float(scale * stream.normal()) }
    return points
  }

  /// The gradients of sum_i w_i phi(x_i) against finite differences, for parameters and points.
  @Test(
    arguments: activations.indices,
    [(1, 3, [8, 6]), (5, 3, [8, 6]), (32, 3, [8, 6]), (9, 70, [38, 50]), (8, 16, [16, 64])])
  func gradients(activation: Int, shape: (rows: Int, dimension: Int, hidden: [Int])) throws {
    let (rows, dimension, hidden) = shape
    let network = try network(activation, 0, dimension: dimension, hidden: hidden)
    let points = points(rows, dimension: dimension)
    let pass = BlockPass(network: network, height: 32)
    func value() -> Double {
      network.effectiveChanged()
      pass.forward(points.elements, rows: rows)
      return (0..<rows).reduce(0) { $0 + Double(1 + $1 % 3) * Double(pass.phi[$1]) }
    }
    for row in 0..<rows { pass.weights[row] = Float(1 + row % 3) }
    _ = value()
    pass.backward(points.elements, rows: rows)
    let h: Float = 2e-3
    func difference(_ place: UnsafeMutablePointer<Float>) -> Double {
      let old = place.pointee
      place.pointee = old + h
      let above = value()
      place.pointee = old - h
      let below = value()
      place.pointee = old
      return (above - below) / Double(2 * h)
    }
    // Kinks within h of a value spoil single differences, so most must agree closely.
    var agreeing = 0, total = 0
    func compare(_ found: Double, _ expected: Double) {
      total += 1
      if abs(found - expected) < 0.01 * (Double(rows) + abs(expected)) { agreeing += 1 }
    }
    for layer in 0..<network.layers {
      for i in network.weightOffsets[layer]..<network.biasOffsets[layer] {
        compare(Double(pass.gradient[i]), difference(network.effective + i))
      }
      for i in 0..<network.widths[layer + 1] {
        compare(pass.biasGradient[layer][i], difference(network.effective + network.biasOffsets[layer] + i))
      }
    }
    let result = Matrix(rows: rows, columns: dimension)
    _ = value()
    pass.inputGradient(rows: rows, into: result.elements)
    for i in 0..<result.count { compare(Double(result.elements[i]), difference(points.elements + i)) }
    #expect(Double(agreeing) >= 0.95 * Double(total), "\(agreeing) of \(total)")
  }

  /// Where all neurons are active for all points, the gradients of the biases are sums of equal numbers, and nothing of them
  /// is lost: what two measures add to them cancels.
  @Test(arguments: [1, 7, 8, 100, 256])
  func biasesCancel(rows: Int) throws {
    let network = try network(0, 3, hidden: [40, 8])
    for layer in 0..<network.layers {
      for i in 0..<network.widths[layer + 1] { network.effective[network.biasOffsets[layer] + i] = 1000 }
    }
    network.effectiveChanged()
    let points = points(rows), pass = BlockPass(network: network, height: 256)
    pass.forward(points.elements, rows: rows)
    pass.backward(points.elements, rows: rows, isWeighted: false)
    let even = pass.biasGradient.enumerated().map { layer, sums in
      (0..<network.widths[layer + 1]).map { sums[$0] / Double(rows) }
    }
    #expect(even[0].contains { abs($0) > 1e-3 })
    pass.forward(points.elements, rows: rows)
    var total = 0.0
    for row in 0..<rows {
      pass.weights[row] = 0.1 * Float(1 + row % 13)
      total += Double(pass.weights[row])
    }
    pass.backward(points.elements, rows: rows)
    for (layer, means) in even.enumerated() {
      for (i, mean) in means.enumerated() {
        #expect(abs(pass.biasGradient[layer][i] / total - mean) <= 1e-14 * abs(mean), "bias_\(layer)[\(i)]")
      }
    }
  }

  /// |phi(x) - phi(y)| <= L |x - y| (1 + 1e-3) on random pairs and along the first weight's top singular direction.
  @Test(arguments: constraints.indices, [0.3, 1, 10])
  func lipschitz(constraint: Int, bound: Double) throws {
    for activation in activations.indices {
      let network = try network(activation, constraint, lipschitz: bound, hidden: [16, 16])
      let pass = BlockPass(network: network, height: 256), rows = 256
      let first = points(rows, scale: 5), second = first.copy()
      var stream = RandomNumbers(seed: 6, purpose: .test).stream(0)
      let values = SingularValues(shapes: [(3, 16)])
      _ = values.largest(network.effective, rows: 3, columns: 16)
      let top = values.u
      for row in 0..<rows {
        let length = pow(10, 2 * stream.uniform() - 1)
        for i in 0..<3 { second[row, i] += Float(length * (row % 2 == 0 ? top[i] : stream.normal())) }
      }
      pass.forward(first.elements, rows: rows)
      let phi = (0..<rows).map { Double(pass.phi[$0]) }
      pass.forward(second.elements, rows: rows)
      for row in 0..<rows {
        let distance = (0..<3).reduce(0) { $0 + pow(Double(first[row, $1] - second[row, $1]), 2) }.squareRoot()
        let rounding = 1e-5 * (abs(phi[row]) + bound)
        #expect(abs(phi[row] - Double(pass.phi[row])) <= bound * distance * (1 + 1e-3) + rounding)
      }
    }
  }
}
