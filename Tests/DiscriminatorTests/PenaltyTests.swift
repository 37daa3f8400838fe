import Discriminator
import Foundation
import Numerics
import Testing

/// The gradient penalty against finite differences in float64, of dense and of convolutional networks with labels.
@Suite struct PenaltyTests {
  private struct Case {
    let architecture: any Architecture, dimension: Int, outputs: Int, convolutions: [Convolution]
  }

  private static let activation = Make.activation(6)

  private static let cases: [Case] = {
    let images = Convolutional(
      image: [4, 5, 1], channels: [4], kernel: 3, stride: 2, hidden: [6], activation: activation)
    return [
      Case(
        architecture: Dense(hidden: [8, 6], activation: activation), dimension: 3, outputs: 1, convolutions: []),
      Case(architecture: images, dimension: 20, outputs: 2, convolutions: images.convolutions),
    ]
  }()

  @Test(arguments: cases.indices)
  func derivative(_ number: Int) throws {
    let given = Self.cases[number], rows = 9, dimension = given.dimension
    let network = Network(
      dimension: dimension, outputs: given.outputs, architecture: given.architecture, constraint: GradientPenalty(),
      lipschitz: 1)
    network.initialise(from: RandomNumbers(seed: 11, purpose: .test))
    network.constrain()
    let points = Make.points(rows, dimension: dimension, scale: 1)
    let labels = RowLabels((0..<rows).map { Int32($0 % given.outputs) })
    let inputs = (0..<rows).map { row in (0..<dimension).map { Double(points[row, $0]) } }
    var plain = PlainNetwork(
      network.phiArrays(in: .none(dimension: dimension)), Self.activation, given.convolutions)
    func slope(_ row: Int) -> Double {
      (0..<dimension).reduce(0) { sum, i in
        func phi(_ move: Double) -> Double {
          var x = inputs[row]
          x[i] += move
          return plain.phi(x, label: Int(labels.values[row]))
        }
        return sum + pow((phi(1e-5) - phi(-1e-5)) / 2e-5, 2)
      }.squareRoot()
    }
    // So that some slopes are beyond L and some are not.
    let slopes = (0..<rows).map(slope).sorted(), bound = 0.5 * (slopes[2] + slopes[3])
    func halfPenalty() -> Double { (0..<rows).reduce(0) { $0 + 0.5 * pow(max(slope($1) - bound, 0), 2) } }

    let pass = network.architecture.makePass(of: network, height: 16)
    let penalty = PenaltyPass(
      lipschitz: bound, distance: PenaltyPass.distance(of: points), dimension: dimension, height: 16)
    let tensors = network.layout.tensors, sums = ExactSum(groupSizes: tensors.map(\.count))
    var total = 0.0
    let failed = ExactSum.untilExact([sums]) {
      pass.forward(points.elements, rows: rows, labels: labels.at(0))
      total = penalty.add(points.elements, rows: rows, labels: labels.at(0), pass, into: sums, measure: 0)
    } reduce: {
    }
    #expect(failed == nil)
    #expect(abs(0.5 * total / halfPenalty() - 1) < 1e-4)
    for (t, tensor) in tensors.enumerated() where tensor.name != tensors.last?.name {
      let chosen = stride(from: 0, to: tensor.count, by: max(tensor.count / 12, 1)).map { $0 }
      let expected = chosen.map { i in
        func value(_ move: Double) -> Double {
          plain.tensors[t][i] += move
          defer { plain.tensors[t][i] -= move }
          return halfPenalty()
        }
        return (value(1e-4) - value(-1e-4)) / 2e-4
      }
      let size = expected.reduce(0) { max($0, abs($1)) }
      #expect(size > 1e-4, "\(tensor.name): nothing to compare")
      for (place, value) in zip(chosen, expected) {
        let found = sums.numbers(t)[place]
        #expect(abs(found - value) < 2e-3 * size, "\(tensor.name)[\(place)]: \(found), not \(value)")
      }
    }
  }

  /// Where no slope is beyond L nothing is added.
  @Test func none() {
    let given = Self.cases[0], network = Make.network(Dense(hidden: [8], activation: Self.activation), Orthonormal())
    let points = Make.points(5), pass = network.architecture.makePass(of: network, height: 8)
    let penalty = PenaltyPass(lipschitz: 1.1, distance: 0.01, dimension: given.dimension, height: 8)
    let sums = ExactSum(groupSizes: network.layout.tensors.map(\.count))
    pass.forward(points.elements, rows: 5)
    #expect(penalty.add(points.elements, rows: 5, labels: nil, pass, into: sums, measure: 0) == 0)
    #expect(sums.buffer.allSatisfy { $0 == 0 })
  }
}
