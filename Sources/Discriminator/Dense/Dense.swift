import Numerics

/// Layers W, b of shapes (in, out) and (out), each of which sees all of the layer before, with an activation after all but
/// the last. The parameters are weight_0, bias_0, weight_1, ...
package struct Dense: Architecture {
  /// The word that chooses it in a deck.
  package static let name = "dense"

  /// The widths of the hidden layers; none makes phi affine.
  package let hidden: [Int]
  /// The activation of the hidden layers; one of pairs needs even widths.
  package let activation: any Activation

  /// Hidden layers of these widths.
  package init(hidden: [Int], activation: any Activation) {
    self.hidden = hidden
    self.activation = activation
  }

  /// The widths from the input to the output.
  func widths(_ dimension: Int, _ outputs: Int) -> [Int] { [dimension] + hidden + [outputs] }

  package func layout(of dimension: Int, outputs: Int) -> ParameterLayout {
    let widths = widths(dimension, outputs)
    var layout = ParameterLayout()
    for (layer, (rows, columns)) in zip(widths, widths.dropFirst()).enumerated() {
      layout.addMatrix("weight_\(layer)", rows: rows, columns: columns)
      layout.addBias("bias_\(layer)", count: columns)
    }
    return layout
  }

  package func makePass(of network: Network, height: Int) -> any BlockPass {
    DensePass(network: network, dense: self, height: height)
  }

  /// The weights packed for both directions and their gradient; the outputs and what the backward pass needs of them.
  package func passBytes(dimension: Int, outputs: Int, height: Int) -> Int {
    12 * layout(of: dimension, outputs: outputs).count + 8 * height * hidden.reduce(0, +)
  }

  package let scaledTensors = ["weight_0", "bias_0"]

  package let takesCentre = true

  package func blockHeight(totalRows: Int) -> Int { Blocks.height(totalRows: totalRows) }

  package func takeScale(_ scale: CommonScale, into parameters: inout [Double], of layout: ParameterLayout) {
    // W x + b of x = (data - centre) / unit.
    let tensors = layout.tensors, width = tensors[1].count
    for row in 0..<tensors[0].shape[0] {
      for column in 0..<width {
        // In float32 as it is stored, so that the bias makes up for its rounding.
        let weight = Double(Float(parameters[tensors[0].offset + row * width + column] / scale.unit))
        parameters[tensors[0].offset + row * width + column] = weight
        parameters[tensors[1].offset + column] -= scale.centre[row] * weight
      }
    }
  }

  package func summary(dimension: Int, outputs: Int) -> String {
    widths(dimension, outputs).map(String.init).joined(separator: "-") + ", \(type(of: activation).name)"
  }
}
