import Discriminator
import Foundation
import Numerics
import Testing

/// Convolutions and labelled outputs against their definition in float64.
@Suite struct ConvolutionTests {
  /// A network of convolutions and what it is compared with.
  private struct Case {
    let image: [Int], channels: [Int], kernel: Int, stride: Int, hidden: [Int], outputs: Int
    var dimension: Int { image.reduce(1, *) }

    func architecture(_ activation: any Activation) -> Convolutional {
      Convolutional(
        image: image, channels: channels, kernel: kernel, stride: stride, hidden: hidden, activation: activation)
    }

    func network(_ activation: any Activation, _ constraint: any Constraint, lipschitz: Double = 1) -> Network {
      let network = Network(
        dimension: dimension, outputs: outputs, architecture: architecture(activation), constraint: constraint,
        lipschitz: lipschitz)
      network.initialise(from: RandomNumbers(seed: 5, purpose: .test))
      for bias in network.layout.tensors where bias.kind == .bias {
        for i in bias.range { network.stored[i] = 0.1 * Float((i - bias.offset) % 3) }
      }
      network.constrain()
      return network
    }
  }

  private static let cases = [
    Case(image: [8, 8, 1], channels: [4, 6], kernel: 3, stride: 2, hidden: [12], outputs: 1),
    Case(image: [5, 7, 2], channels: [4], kernel: 5, stride: 2, hidden: [], outputs: 3),
    Case(image: [6, 4, 3], channels: [4, 34], kernel: 2, stride: 2, hidden: [10, 6], outputs: 2),
    Case(image: [4, 9, 1], channels: [2], kernel: 3, stride: 1, hidden: [6], outputs: 4),
    Case(image: [7, 7, 1], channels: [20], kernel: 2, stride: 3, hidden: [4], outputs: 1),
  ]

  /// phi and its gradients with respect to every parameter and pixel, against finite differences of phi in float64.
  @Test(arguments: cases.indices, [0, 6])
  func gradients(_ number: Int, activation: Int) throws {
    let given = Self.cases[number], activation = Make.activation(activation), rows = 11
    let network = given.network(activation, Unbounded()), dimension = given.dimension
    let points = Make.points(rows, dimension: dimension), tensors = network.layout.tensors
    let labels = RowLabels((0..<rows).map { Int32(($0 * 7) % given.outputs) })
    let pass = network.architecture.makePass(of: network, height: 16)
    var plain = PlainNetwork(
      network.phiArrays(in: .none(dimension: dimension)), activation, given.architecture(activation).convolutions)
    var inputs = (0..<rows).map { row in (0..<dimension).map { Double(points[row, $0]) } }
    func phi(_ row: Int) -> Double { plain.phi(inputs[row], label: Int(labels.values[row])) }
    func weight(_ row: Int) -> Double { Double(1 + row % 3) }

    pass.forward(points.elements, rows: rows, labels: labels.at(0))
    for row in 0..<rows {
      #expect(abs(Double(pass.phi[row]) - phi(row)) < 1e-5 * (1 + abs(phi(row))), "phi of row \(row)")
      pass.weights[row] = Float(weight(row))
    }
    let sums = ExactSum(groupSizes: tensors.map(\.count))
    let failed = ExactSum.untilExact([sums]) {
      pass.backward(points.elements, rows: rows, isWeighted: true, into: sums, measure: 0)
    } reduce: {
    }
    #expect(failed == nil)
    let h = 1e-6
    func compare(_ found: [Double], _ expected: [Double], _ name: String) {
      let size = expected.reduce(0) { max($0, abs($1)) }
      #expect(size > 1e-5, "\(name): nothing to compare")
      for (i, (a, b)) in zip(found, expected).enumerated() {
        #expect(abs(a - b) < 5e-5 * size, "\(name)[\(i)]: \(a), not \(b)")
      }
    }
    for (t, tensor) in tensors.enumerated() {
      let chosen = stride(from: 0, to: tensor.count, by: max(tensor.count / 40, 1)).map { $0 }
      let expected = chosen.map { i in
        func sum(_ move: Double) -> Double {
          plain.tensors[t][i] += move
          defer { plain.tensors[t][i] -= move }
          return (0..<rows).reduce(0) { $0 + weight($1) * phi($1) }
        }
        return (sum(h) - sum(-h)) / (2 * h)
      }
      compare(chosen.map { sums.numbers(t)[$0] }, expected, tensor.name)
    }
    let result = Matrix(rows: rows, columns: dimension)
    pass.inputGradient(rows: rows, into: result.elements)
    for row in 0..<rows {
      let expected = (0..<dimension).map { i in
        func value(_ move: Double) -> Double {
          inputs[row][i] += move
          defer { inputs[row][i] -= move }
          return weight(row) * phi(row)
        }
        return (value(h) - value(-h)) / (2 * h)
      }
      compare((0..<dimension).map { Double(result[row, $0]) }, expected, "the gradient at row \(row)")
    }
  }

  /// A dense network of several outputs is several networks that share their hidden layers.
  @Test(arguments: [[], [8], [38, 6]])
  func labelledOutputs(hidden: [Int]) throws {
    let activation = Make.activation(6), dense = Dense(hidden: hidden, activation: activation), rows = 20
    let network = Network(dimension: 3, outputs: 5, architecture: dense, constraint: Orthonormal(), lipschitz: 2)
    network.initialise(from: RandomNumbers(seed: 5, purpose: .test))
    network.constrain()
    let plain = PlainNetwork(network.phiArrays(in: .none(dimension: 3)), activation)
    let points = Make.points(rows), labels = RowLabels((0..<rows).map { Int32(($0 * 3) % 5) })
    let pass = network.architecture.makePass(of: network, height: 32)
    pass.forward(points.elements, rows: rows, labels: labels.at(0))
    for row in 0..<rows {
      let expected = plain.phi((0..<3).map { Double(points[row, $0]) }, label: Int(labels.values[row]))
      #expect(abs(Double(pass.phi[row]) - expected) < 1e-5 * (1 + abs(expected)))
    }
    #expect(Set((0..<rows).map { pass.phi[$0] }).count == rows)
  }

  /// |phi(x) - phi(y)| <= L |x - y| (1 + 1e-3) under every constraint, for every label, on random pairs and along gradients.
  @Test(arguments: hardConstraints, cases.indices)
  func lipschitz(constraint: Int, number: Int) throws {
    let given = Self.cases[number], bound = 0.7, rows = 32, dimension = given.dimension
    let network = given.network(Make.activation(6), constraints[constraint].init(), lipschitz: bound)
    let pass = network.architecture.makePass(of: network, height: rows)
    let labels = RowLabels((0..<rows).map { Int32($0 % given.outputs) })
    let points = Make.points(rows, dimension: dimension), gradient = Matrix(rows: rows, columns: dimension)
    pass.forward(points.elements, rows: rows, labels: labels.at(0))
    let phi = (0..<rows).map { Double(pass.phi[$0]) }
    pass.weights.update(repeating: 1, count: rows)
    pass.inputGradient(rows: rows, into: gradient.elements)
    var steepest = 0.0
    for row in 0..<rows {
      let slope = (0..<dimension).reduce(0) { $0 + pow(Double(gradient[row, $1]), 2) }.squareRoot()
      steepest = max(steepest, slope)
      #expect(slope <= bound * (1 + 1e-3))
    }
    #expect(steepest > 1e-3 * bound, "a function without slope shows nothing")
    let others = points.copy()
    for i in 0..<others.count { others.elements[i] += 2 * gradient.elements[i] }
    pass.forward(others.elements, rows: rows, labels: labels.at(0))
    for row in 0..<rows {
      let distance = (0..<dimension).reduce(0) { $0 + pow(Double(others[row, $1] - points[row, $1]), 2) }.squareRoot()
      #expect(abs(Double(pass.phi[row]) - phi[row]) <= bound * distance * (1 + 1e-3) + 1e-5 * (abs(phi[row]) + bound))
    }
  }

  /// Under spectral the operator norm of a kernel, by power iterations of its definition in float64, is the layer's share of L
  /// to 1e-4.
  @Test(arguments: cases.indices)
  func operatorNorm(_ number: Int) throws {
    let given = Self.cases[number], activation = Make.activation(6)
    let network = given.network(activation, Spectral(), lipschitz: 2)
    let architecture = given.architecture(activation), layers = given.channels.count + given.hidden.count + 1
    for (tensor, c) in zip(network.layout.tensors, architecture.convolutions) {
      let kernel = tensor.range.map { Double(network.stored[$0]) }, count = c.height * c.width * c.channels
      // The matrix of the map, a row for each pixel and channel that goes in.
      let rows = (0..<count).map { i in
        PlainNetwork.convolve((0..<count).map { $0 == i ? 1 : 0 }, kernel, c)
      }
      var vector = (0..<count).map { 1 + 0.3 * sin(Double($0)) }, norm = 0.0
      for _ in 0..<3000 {
        var image = [Double](repeating: 0, count: c.patches * c.filters)
        for (row, value) in zip(rows, vector) { for i in image.indices { image[i] += value * row[i] } }
        norm = image.reduce(0) { $0 + $1 * $1 }.squareRoot()
        vector = rows.map { zip($0, image).reduce(0) { $0 + $1.0 * $1.1 } / norm }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        vector = vector.map { $0 / length }
      }
      #expect(abs(norm / pow(2, 1 / Double(layers)) - 1) < 1e-4, "\(tensor.name)")
    }
  }

  /// Where patches tile the image, an orthonormal kernel with more channels than a patch has numbers keeps lengths.
  @Test func isometry() throws {
    let given = Case(image: [6, 4, 2], channels: [10], kernel: 2, stride: 2, hidden: [], outputs: 1)
    let network = given.network(Make.activation(6), Orthonormal()), tensor = network.layout.tensors[0]
    let convolution = try #require(given.architecture(Make.activation(6)).convolutions.first)
    let image = (0..<48).map { sin(3 * Double($0)) }
    let result = PlainNetwork.convolve(image, tensor.range.map { Double(network.effective[$0]) }, convolution)
    func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(abs(length(result) / length(image) - 1) < 1e-5)
  }

  /// A network goes on from its snapshot with the same bits, where the constraint remembers directions.
  @Test(arguments: ["spectral", "normalized"])
  func restored(name: String) throws {
    let given = Self.cases[0], constraint = try #require(constraints.first { $0.name == name }).init()
    let network = given.network(Make.activation(6), constraint)
    for i in 0..<network.layout.count { network.stored[i] *= 1 + 0.01 * Float(i % 7) }
    network.constrain()
    let snapshot = Snapshot(of: network), other = given.network(Make.activation(6), constraint)
    try other.restore(from: snapshot)
    func effective(_ network: Network) -> [Float] { (0..<network.layout.count).map { network.effective[$0] } }
    #expect(effective(other) == effective(network))
    #expect(Snapshot(of: other).arrays.count == snapshot.arrays.count)
  }
}

/// No constraint, in tests of derivatives.
private struct Unbounded: Constraint {
  static let name = "unbounded"
  func hold(_ matrices: [WeightMatrix]) -> any MatrixConstraint { Free() }
  private final class Free: MatrixConstraint {}
}
