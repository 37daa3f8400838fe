import Numerics

/// Convolutions with an activation after each, then dense layers as in ``Dense``. The parameters are weight_0, ..., the kernels
/// without biases, and then weight_l, bias_l of the dense layers.
package struct Convolutional: Architecture {
  /// The word that chooses it in a deck.
  package static let name = "convolutional"

  /// Height, width and channels of an image: a row is its pixels row-major, channel last.
  package let image: [Int]
  /// The channels of each convolution; one of pairs needs even ones.
  package let channels: [Int]
  /// The side of the kernels.
  package let kernel: Int
  /// The pixels from one patch to the next.
  package let stride: Int
  /// The dense layers.
  package let dense: Dense

  /// Convolutions of these channels of an image of three sizes, and dense layers after them.
  package init(
    image: [Int], channels: [Int], kernel: Int, stride: Int, hidden: [Int], activation: any Activation
  ) {
    ensure(image.count == 3, "height, width and channels")
    self.image = image
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    dense = Dense(hidden: hidden, activation: activation)
  }

  /// The convolutions, one after the other.
  package var convolutions: [Convolution] {
    var height = image[0], width = image[1], depth = image[2]
    return channels.map { filters in
      let convolution = Convolution(
        height: height, width: width, channels: depth, size: kernel, stride: stride, filters: filters)
      (height, width, depth) = (convolution.outHeight, convolution.outWidth, filters)
      return convolution
    }
  }

  /// The numbers that the dense layers see.
  var flattened: Int { convolutions.last.map { $0.patches * $0.filters } ?? image.reduce(1, *) }

  package func layout(of dimension: Int, outputs: Int) -> ParameterLayout {
    var layout = ParameterLayout()
    for (layer, convolution) in convolutions.enumerated() { layout.addKernel("weight_\(layer)", convolution) }
    let widths = dense.widths(flattened, outputs)
    for (layer, (rows, columns)) in zip(widths, widths.dropFirst()).enumerated() {
      layout.addMatrix("weight_\(channels.count + layer)", rows: rows, columns: columns)
      layout.addBias("bias_\(channels.count + layer)", count: columns)
    }
    return layout
  }

  package func makePass(of network: Network, height: Int) -> any BlockPass {
    ConvolutionalPass(network: network, convolutional: self, height: height)
  }

  /// The weights in both orders and their gradients, the outputs of the convolutions with what is saved of them and two
  /// gradients, and the patches.
  package func passBytes(dimension: Int, outputs: Int, height: Int) -> Int {
    let widest = convolutions.map { $0.patches * $0.filters }
    let patches = convolutions.map { ConvolutionalPass.images(of: $0) * $0.patches * $0.patchCount }
    return 16 * layout(of: dimension, outputs: outputs).count
      + 8 * height * (widest.reduce(0, +) + (widest.max() ?? 0) + dense.hidden.reduce(0, +))
      + 4 * (patches.max() ?? 0)
  }

  package let scaledTensors = ["weight_0"]

  // Zero padding and kernels without bias leave nothing that could make up for a centre.
  package let takesCentre = false

  /// Low blocks: a row is much work beside the exact sum of its block.
  package func blockHeight(totalRows: Int) -> Int { 32 }

  package func takeScale(_ scale: CommonScale, into parameters: inout [Double], of layout: ParameterLayout) {
    for i in layout.tensors[0].range { parameters[i] /= scale.unit }
  }

  package func summary(dimension: Int, outputs: Int) -> String {
    let sizes = image.map(String.init).joined(separator: "x")
    let kernels = channels.map { "\($0)" }.joined(separator: "-")
    let widths = dense.widths(flattened, outputs).map(String.init).joined(separator: "-")
    return "\(sizes), convolutions \(kernel)x\(kernel)/\(stride) of \(kernels), \(widths), "
      + type(of: dense.activation).name
  }
}
