import Discriminator
import Foundation
import Numerics
import Testing

@Suite struct NetworkTests {
  /// phi and the gradients of sum_i w_i phi(x_i) with respect to every parameter and point, against finite differences of
  /// phi in float64, tensor by tensor: so short are the differences that no kink lies within one.
  @Test(
    arguments: activations.indices,
    [(1, 3, [8, 6]), (5, 3, [8, 6]), (32, 3, [8, 6]), (9, 70, [38, 50]), (8, 16, [16, 64]), (7, 5, [])])
  func gradients(activation: Int, shape: (rows: Int, dimension: Int, hidden: [Int])) throws {
    let (rows, dimension, hidden) = shape, activation = Make.activation(activation)
    let network = Make.network(
      Dense(hidden: hidden, activation: activation), Spectral(), dimension: dimension)
    let points = Make.points(rows, dimension: dimension)
    let pass = network.architecture.makePass(of: network, height: 32)
    var plain = PlainNetwork(network.phiArrays(in: .none(dimension: network.dimension)), activation)
    var inputs = (0..<rows).map { row in (0..<dimension).map { Double(points[row, $0]) } }
    func weight(_ row: Int) -> Double { Double(1 + row % 3) }

    pass.forward(points.elements, rows: rows)
    for row in 0..<rows {
      let expected = plain.phi(inputs[row])
      #expect(abs(Double(pass.phi[row]) - expected) < 1e-5 * (1 + abs(expected)), "phi of row \(row)")
      pass.weights[row] = Float(weight(row))
    }
    let tensors = network.layout.tensors, sizes = tensors.map(\.count)
    let sums = ExactSum(groupSizes: sizes + sizes)
    #expect(
      ExactSum.untilExact([sums]) {
        pass.backward(points.elements, rows: rows, isWeighted: true, into: sums, measure: 1)
      } reduce: {
      } == nil)

    let h = 1e-6
    func difference(_ move: (Double) -> Void, _ value: () -> Double) -> Double {
      move(h)
      let above = value()
      move(-2 * h)
      let below = value()
      move(h)
      return (above - below) / (2 * h)
    }
    func compare(_ found: [Double], _ expected: [Double], _ name: String) {
      let size = expected.reduce(0) { max($0, abs($1)) }
      #expect(size > 1e-5, "\(name): nothing to compare")
      for (i, (a, b)) in zip(found, expected).enumerated() {
        #expect(abs(a - b) < 2e-5 * size, "\(name)[\(i)]: \(a), not \(b)")
      }
    }
    for (t, tensor) in tensors.enumerated() {
      let expected = (0..<tensor.count).map { i in
        difference({ plain.tensors[t][i] += $0 }) {
          inputs.enumerated().reduce(0) { $0 + weight($1.offset) * plain.phi($1.element) }
        }
      }
      compare((0..<tensor.count).map { sums.numbers(tensors.count + t)[$0] }, expected, tensor.name)
      #expect((0..<tensor.count).allSatisfy { sums.numbers(t)[$0] == 0 }, "the other measure's \(tensor.name)")
    }
    let result = Matrix(rows: rows, columns: dimension)
    pass.inputGradient(rows: rows, into: result.elements)
    for row in 0..<rows {
      let expected = (0..<dimension).map { i in
        difference({ inputs[row][i] += $0 }) { weight(row) * plain.phi(inputs[row]) }
      }
      compare((0..<dimension).map { Double(result[row, $0]) }, expected, "the gradient at row \(row)")
    }
  }

  /// Where all neurons are active for all points, the gradients of the biases are sums of equal numbers, and nothing of them
  /// is lost: what two measures add to them cancels.
  @Test(arguments: [1, 7, 8, 100, 256])
  func biasesCancel(rows: Int) throws {
    let dense = Dense(hidden: [40, 8], activation: Make.activation(0))
    let network = Make.network(dense, Orthonormal())
    let biases = network.layout.tensors.filter { $0.kind == .bias }
    for bias in biases { for i in bias.range { network.effective[i] = 1000 } }
    network.effectiveChanged()
    let points = Make.points(rows), pass = DensePass(network: network, dense: dense, height: 256)
    pass.forward(points.elements, rows: rows)
    pass.backward(points.elements, rows: rows, isWeighted: false)
    let even = zip(pass.biasGradient, biases).map { sums, bias in (0..<bias.count).map { sums[$0] / Double(rows) } }
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
  @Test(arguments: hardConstraints, [0.3, 1, 10])
  func lipschitz(constraint: Int, bound: Double) throws {
    for activation in activations.indices {
      let network = Make.network(
        Dense(hidden: [16, 16], activation: Make.activation(activation)), constraints[constraint].init(),
        lipschitz: bound)
      let pass = network.architecture.makePass(of: network, height: 256), rows = 256
      let first = Make.points(rows, scale: 5), second = first.copy()
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

  /// The plain network of `phiArrays` is phi, with every constraint and an L that is not 1; that of the stored ones is not
  /// where the constraint stands between them.
  @Test(arguments: constraints.indices)
  func phiArrays(constraint: Int) throws {
    let activation = Make.activation(0), constraint = constraints[constraint].init()
    let network = Make.network(Dense(hidden: [8, 6], activation: activation), constraint, lipschitz: 0.25)
    let points = Make.points(16), pass = network.architecture.makePass(of: network, height: 16)
    pass.forward(points.elements, rows: 16)
    func error(_ plain: PlainNetwork) -> Double {
      (0..<16).map { row in
        abs(plain.phi((0..<3).map { Double(points[row, $0]) }) - Double(pass.phi[row]))
      }.max() ?? 0
    }
    #expect(error(PlainNetwork(network.phiArrays(in: .none(dimension: network.dimension)), activation)) < 1e-6)
    let isBetween = [Normalized.name, Orthonormal.name].contains(type(of: constraint).name)
    #expect((error(PlainNetwork(network.arrays(of: network.parameters), activation)) > 1e-2) == isBetween)
  }

  /// A block that is too high ends the program, in builds without checks as well.
  @Test func blocksThatAreTooHigh() async {
    await #expect(processExitsWith: .signal(SIGABRT)) {
      let network = Make.network(Dense(hidden: [8], activation: Make.activation(0)), Spectral())
      let pass = network.architecture.makePass(of: network, height: 8)
      pass.forward(Make.points(9).elements, rows: 9)
    }
  }
}
