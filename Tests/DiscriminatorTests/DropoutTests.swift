import Discriminator
import Numerics
import Testing

/// Units that drop out of training.
@Suite struct DropoutTests {
  private static let rows = 11

  private func network(_ number: Int, _ activation: any Activation) -> Network {
    let architecture: any Architecture =
      number == 0
      ? Dense(hidden: [12, 10, 6], activation: activation)
      : Convolutional(image: [6, 5, 1], channels: [4, 6], kernel: 3, stride: 2, hidden: [10], activation: activation)
    let network = Network(
      dimension: 30, outputs: number == 0 ? 1 : 3, architecture: architecture, constraint: GradientPenalty(),
      lipschitz: 1)
    network.initialise(from: RandomNumbers(seed: 5, purpose: .test))
    network.constrain()
    return network
  }

  private func draw(_ rate: Double, iteration: Int = 4, first: Int = 20) -> DropoutDraw {
    DropoutDraw(rate: rate, seed: 9, iteration: iteration, measure: 1, firstRow: first)
  }

  private let labels = RowLabels((0..<11).map { Int32($0 % 3) })

  private func labels(_ network: Network) -> UnsafePointer<Int32>? { network.outputs > 1 ? labels.at(0) : nil }

  /// The derivatives of what is left of a network, in a direction of parameters and of points.
  @Test(arguments: [0, 1], [3, 2, 6]) func gradients(_ number: Int, activation: Int) {
    let network = network(number, Make.activation(activation)), points = Make.points(Self.rows, dimension: 30)
    let pass = network.architecture.makePass(of: network, height: 16), tensors = network.layout.tensors
    pass.dropOut(draw(0.3))
    func total() -> Double {
      pass.forward(points.elements, rows: Self.rows, labels: labels(network))
      return (0..<Self.rows).reduce(0) { $0 + Double(pass.phi[$1]) }
    }
    _ = total()
    let sums = ExactSum(groupSizes: tensors.map(\.count))
    let failed = ExactSum.untilExact([sums]) {
      pass.backward(points.elements, rows: Self.rows, isWeighted: false, into: sums, measure: 0)
    } reduce: {
    }
    #expect(failed == nil)
    let slopes = Matrix(rows: Self.rows, columns: 30)
    pass.inputGradient(rows: Self.rows, into: slopes.elements)
    let h: Float = 0.004
    for (t, tensor) in tensors.enumerated() {
      let direction = tensor.range.map { Float(($0 * 37) % 11) / 11 - 0.5 }
      func moved(_ length: Float) -> Double {
        for (i, step) in zip(tensor.range, direction) { network.stored[i] += length * step }
        network.constrain()
        defer {
          for (i, step) in zip(tensor.range, direction) { network.stored[i] -= length * step }
          network.constrain()
        }
        return total()
      }
      let measured = (moved(h) - moved(-h)) / (2 * Double(h))
      let found = direction.indices.reduce(0) { $0 + sums.numbers(t)[$1] * Double(direction[$1]) }
      #expect(abs(measured - found) < 0.01 * (0.1 + abs(found)), "\(tensor.name): \(found), not \(measured)")
    }
    func moved(_ length: Float) -> Double {
      for i in 0..<points.count { points.elements[i] += length * Float(i % 5 - 2) }
      defer { for i in 0..<points.count { points.elements[i] -= length * Float(i % 5 - 2) } }
      return total()
    }
    let measured = (moved(h) - moved(-h)) / (2 * Double(h))
    let found = (0..<points.count).reduce(0) { $0 + Double(slopes.elements[$1]) * Double($1 % 5 - 2) }
    #expect(abs(measured - found) < 0.01 * (0.1 + abs(found)), "points: \(found), not \(measured)")
  }

  /// What drops out of a row depends on the row, and not on its block; and nothing is left of it afterwards.
  @Test(arguments: [0, 1]) func draws(_ number: Int) {
    let network = network(number, Make.activation(6)), points = Make.points(Self.rows, dimension: 30)
    let pass = network.architecture.makePass(of: network, height: 16)
    func phi(_ draw: DropoutDraw?, from first: Int = 0) -> [Float] {
      pass.dropOut(draw)
      pass.forward(points.row(first), rows: Self.rows - first, labels: network.outputs > 1 ? labels.at(first) : nil)
      return (0..<Self.rows - first).map { pass.phi[$0] }
    }
    let plain = phi(nil), dropped = phi(draw(0.4))
    #expect(zip(plain, dropped).allSatisfy { $0 != $1 } && phi(draw(0.4)) == dropped)
    #expect(phi(draw(0.4, first: 25), from: 5) == Array(dropped[5...]))
    #expect(phi(draw(0.4, iteration: 5)) != dropped && phi(draw(1e-12)) == plain && phi(nil) == plain)
  }

  /// The share that drops out, and the factor of what is left: of a layer whose units are 1 each.
  @Test func rate() {
    let network = Network(
      dimension: 1, architecture: Dense(hidden: [64], activation: ReLU()), constraint: GradientPenalty(), lipschitz: 1)
    network.initialise(from: RandomNumbers(seed: 1, purpose: .test))
    let tensors = network.layout.tensors
    for i in tensors[0].range { network.stored[i] = 0 }
    for i in tensors[1].range { network.stored[i] = 1 }
    for i in tensors[2].range { network.stored[i] = 1 }
    for i in tensors[3].range { network.stored[i] = 0 }
    network.constrain()
    let points = Make.points(512, dimension: 1), pass = network.architecture.makePass(of: network, height: 512)
    pass.dropOut(draw(0.25))
    pass.forward(points.elements, rows: 512)
    let kept = (0..<512).map { Double(pass.phi[$0]) * 0.75 }
    #expect(kept.allSatisfy { abs($0 - $0.rounded()) < 1e-4 && (0...64).contains($0.rounded()) })
    let mean = kept.reduce(0, +) / 512
    // 64 units stay with probability 0.75: 48, with an error of sqrt(64 * 0.75 * 0.25 / 512).
    #expect(abs(mean - 48) < 4 * 0.153, "\(mean)")
  }
}
