import Discriminator
import Testing

@Suite struct ParameterLayoutTests {
  @Test func dense() throws {
    let dense = Dense(hidden: [8, 6], activation: Make.activation(0))
    let layout = dense.layout(of: 3, outputs: 2)
    #expect(layout.tensors.map(\.name) == ["weight_0", "bias_0", "weight_1", "bias_1", "weight_2", "bias_2"])
    #expect(layout.tensors.map(\.shape) == [[3, 8], [8], [8, 6], [6], [6, 2], [2]])
    #expect(layout.tensors.map(\.offset) == [0, 24, 32, 80, 86, 98])
    #expect(layout.count == 100)
    #expect(
      layout.tensors.map(\.kind) == [
        .matrix(rows: 3, columns: 8), .bias, .matrix(rows: 8, columns: 6), .bias, .matrix(rows: 6, columns: 2), .bias,
      ])
  }

  /// A weight of many axes is a matrix to constraints, and keeps its shape.
  @Test func kernel() {
    var layout = ParameterLayout()
    layout.addMatrix("kernel", rows: 27, columns: 4, shape: [3, 3, 3, 4])
    layout.addBias("bias", count: 4)
    #expect(layout.tensors[0].shape == [3, 3, 3, 4])
    #expect(layout.tensors[1].range == 108..<112)
  }

  /// The layout of a network without hidden layers is one weight and one bias.
  @Test func affine() throws {
    let layout = Dense(hidden: [], activation: Make.activation(0)).layout(of: 5, outputs: 1)
    #expect(layout.tensors.map(\.shape) == [[5, 1], [1]])
  }

  @Test func names() throws {
    let dense = Dense(hidden: [8, 6], activation: Make.activation(0))
    let network = Make.network(dense, Frobenius())
    let arrays = network.arrays(of: (0..<network.layout.count).map(Float.init))
    #expect(arrays.map(\.name) == network.layout.tensors.map(\.name))
    #expect(arrays[1].values == (24..<32).map(Double.init))
    #expect(network.summary == "3-8-6-1, relu, frobenius")
    #expect(architectures.map { $0.name } == ["dense", "convolutional"])
  }
}
