import Numerics

/// One block of images on its way through convolutions and dense layers and back.
///
/// A convolution is the product of its patches, copied out some images at a time, with its kernel. The channels of a layer
/// stand in memory as ``ColumnOrder`` puts them.
final class ConvolutionalPass: BlockPass {
  /// One convolution with its memory.
  private final class Layer {
    let convolution: Convolution
    let inputs: ColumnOrder, outputs: ColumnOrder
    /// The images whose patches are copied out at a time.
    let images: Int
    /// The place of the kernel among the parameters.
    let offset: Int
    /// The kernel, (patch, channels out), in the order of memory; the same and its transposed as panels of products.
    let kernel, forward, backward: UnsafeMutablePointer<Float>
    /// The gradient of the kernel, that of some images, and the whole in the network's order.
    let kernelGradient, part, gradient: UnsafeMutablePointer<Float>
    private var isTransposed = false
    /// What comes out of the activation for all images, and what it saves.
    let output, saved: UnsafeMutablePointer<Float>

    init(_ convolution: Convolution, offset: Int, inputs: ColumnOrder, activation: any Activation, height: Int) {
      let kind = type(of: activation)
      self.convolution = convolution.of(channels: inputs.padded)
      self.inputs = inputs
      self.offset = offset
      outputs = ColumnOrder(width: convolution.filters, isPaired: kind.isPaired)
      images = ConvolutionalPass.images(of: convolution)
      let numbers = self.convolution.patchCount * outputs.padded
      kernel = alignedMemory(of: Float.self, count: numbers)
      forward = alignedMemory(of: Float.self, count: numbers)
      backward = alignedMemory(
        of: Float.self, count: roundedUp(self.convolution.patchCount, to: Vector.lanes) * outputs.padded)
      kernelGradient = alignedMemory(of: Float.self, count: numbers)
      part = alignedMemory(of: Float.self, count: numbers)
      gradient = alignedMemory(of: Float.self, count: convolution.patchCount * convolution.filters)
      let count = (height + images) * roundedUp(convolution.patches, to: Tile.rows) * outputs.padded
      output = alignedMemory(of: Float.self, count: count)
      saved = kind.savesValue ? output : alignedMemory(of: Float.self, count: count)
    }

    deinit {
      for memory in [kernel, forward, backward, kernelGradient, part, gradient, output] { memory.deallocate() }
      if saved != output { saved.deallocate() }
    }

    /// The numbers that come out for an image.
    var outputCount: Int { convolution.patches * outputs.padded }
    /// The numbers that go in for an image.
    var inputCount: Int { convolution.height * convolution.width * inputs.padded }

    /// Takes the kernel over from the network's parameters.
    func pack(_ parameters: UnsafePointer<Float>) {
      forEachLine { from, to in
        for (filter, place) in outputs.places.enumerated() { kernel[to + place] = parameters[offset + from + filter] }
      }
      PatchProduct.pack(kernel, rows: convolution.patchCount, columns: outputs.padded, into: forward)
      isTransposed = false
    }

    /// Packs the transposed kernel, which only gradients of the input need.
    func transpose() {
      guard !isTransposed else { return }
      PatchProduct.packTransposed(kernel, rows: convolution.patchCount, columns: outputs.padded, into: backward)
      isTransposed = true
    }

    /// Puts the gradient into the network's order.
    func unpackGradient() {
      forEachLine { to, from in
        for (filter, place) in outputs.places.enumerated() { gradient[to + filter] = kernelGradient[from + place] }
      }
    }

    /// Calls a body for the numbers of each input of a patch, with their places in the network's order and in memory's.
    private func forEachLine(_ body: (_ plain: Int, _ packed: Int) -> Void) {
      for pixel in 0..<convolution.size * convolution.size {
        for (channel, place) in inputs.places.enumerated() {
          body(
            (pixel * inputs.width + channel) * outputs.width, (pixel * inputs.padded + place) * outputs.padded)
        }
      }
    }

    /// The strips that the patches of so many images fill.
    func strips(of images: Int) -> Int { (images * convolution.patches + Tile.rows - 1) / Tile.rows }

    /// Adds the gradient of some images to that of the kernel.
    func addPart() {
      for i in stride(from: 0, to: convolution.patchCount * outputs.padded, by: Vector.lanes) {
        (Vector(kernelGradient + i) + Vector(part + i)).store(kernelGradient + i)
      }
    }

    /// Calls a body for some images at a time.
    func forEachPart(of rows: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
      for first in stride(from: 0, to: rows, by: images) { body(first, min(images, rows - first)) }
    }
  }

  private let network: Network
  private let activation: any Activation
  private let height: Int
  private let layers: [Layer]
  private let dense: DensePass
  /// The patches of some images of a layer, or their gradient.
  private let patches: UnsafeMutablePointer<Float>
  private let delta, nextDelta: UnsafeMutablePointer<Float>
  private var generation = -1
  private var dropout: DropoutDraw?
  private var mask: DropoutMask?
  var phi: UnsafeMutablePointer<Float> { dense.phi }
  var weights: UnsafeMutablePointer<Float> { dense.weights }

  /// The images of a convolution whose patches are copied out at a time: enough rows for a fast product, few enough for cache.
  static func images(of convolution: Convolution) -> Int { max(128 / convolution.patches, 1) }

  /// A pass through a network of this architecture, for blocks of up to `height` images.
  init(network: Network, convolutional: Convolutional, height: Int) {
    self.network = network
    self.height = height
    activation = convolutional.dense.activation
    var order = ColumnOrder(unordered: convolutional.image[2]), layers: [Layer] = []
    for (convolution, tensor) in zip(convolutional.convolutions, network.layout.tensors) {
      let layer = Layer(
        convolution, offset: tensor.offset, inputs: order, activation: activation, height: height)
      layers.append(layer)
      order = layer.outputs
    }
    self.layers = layers
    let pixels = layers.last?.convolution.patches ?? 1
    dense = DensePass(
      network: network, from: layers.count, input: order.repeated(pixels), activation: activation, height: height)
    patches = alignedMemory(
      of: Float.self,
      count: layers.map {
        $0.strips(of: $0.images) * Tile.rows * roundedUp($0.convolution.patchCount, to: Vector.lanes)
      }.max() ?? 0)
    let widest =
      layers.map { (height + $0.images) * roundedUp($0.convolution.patches, to: Tile.rows) * $0.outputs.padded }
      .max() ?? 0
    delta = alignedMemory(of: Float.self, count: widest)
    nextDelta = alignedMemory(of: Float.self, count: widest)
  }

  deinit { for memory in [patches, delta, nextDelta] { memory.deallocate() } }

  func dropOut(_ draw: DropoutDraw?) {
    dense.dropOut(draw)
    dropout = layers.isEmpty ? nil : draw
    guard dropout != nil, mask == nil else { return }
    mask = DropoutMask(layers.map(\.outputCount), firstLayer: 0, height: height)
  }

  /// The factors of what drops out; nil where nothing does.
  private var activeMask: DropoutMask? { dropout == nil ? nil : mask }

  func forward(_ points: UnsafePointer<Float>, rows: Int, labels: UnsafePointer<Int32>?) {
    ensure(rows <= height, "a block has no more rows than its pass")
    if let dropout { mask?.fill(dropout, rows: rows) }
    if generation != network.generation {
      for layer in layers { layer.pack(network.effective) }
      generation = network.generation
    }
    var input = points
    for (number, layer) in layers.enumerated() {
      let convolution = layer.convolution
      layer.forEachPart(of: rows) { first, count in
        convolution.takePatches(of: input + first * layer.inputCount, count: count, into: patches)
        PatchProduct.multiply(
          patches, strips: layer.strips(of: count), inner: convolution.patchCount, layer.forward,
          columns: layer.outputs.padded, into: layer.output + first * layer.outputCount)
      }
      activation.forward(finished(layer, layer.output, rows: rows, into: layer.output))
      activeMask?.apply(number, to: layer.output, rows: rows)
      input = UnsafePointer(layer.output)
    }
    dense.forward(input, rows: rows, labels: labels)
  }

  /// Values of a layer that are computed already, for an activation.
  private func finished(
    _ layer: Layer, _ values: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>
  ) -> LayerProduct {
    LayerProduct(
      finished: values, rows: rows * layer.convolution.patches, columns: layer.outputs.padded, output: output,
      saved: layer.saved)
  }

  func backward(
    _ points: UnsafePointer<Float>, rows: Int, isWeighted: Bool, into sums: ExactSum, measure: Int
  ) {
    let input = layers.last.map { UnsafePointer($0.output) } ?? points
    dense.backward(input, rows: rows, isWeighted: isWeighted, into: sums, measure: measure)
    dense.inputGradient(rows: rows, into: delta)
    var here = delta, other = nextDelta
    for number in layers.indices.reversed() {
      let layer = layers[number], input = number == 0 ? points : UnsafePointer(layers[number - 1].output)
      activeMask?.apply(number, to: here, rows: rows)
      activation.backward(finished(layer, here, rows: rows, into: here))
      addKernelGradient(of: layer, input, here, rows: rows)
      sums.add(layer.gradient, to: measure * network.layout.tensors.count + number)
      guard number > 0 else { return }
      goBack(layer, here, rows: rows, into: other)
      swap(&here, &other)
    }
  }

  /// The gradient of a layer's kernel from the layer's input and the gradient of what came out of the product.
  private func addKernelGradient(
    of layer: Layer, _ input: UnsafePointer<Float>, _ delta: UnsafePointer<Float>, rows: Int
  ) {
    let convolution = layer.convolution
    layer.forEachPart(of: rows) { first, count in
      convolution.takePatches(of: input + first * layer.inputCount, count: count, into: patches)
      Tile.outerProduct(
        patches, stride: convolution.patchCount, m: convolution.patchCount, delta + first * layer.outputCount,
        n: layer.outputs.padded, rows: count * convolution.patches, into: first > 0 ? layer.part : layer.kernelGradient)
      if first > 0 { layer.addPart() }
    }
    layer.unpackGradient()
  }

  /// The gradient of a layer's input.
  private func goBack(
    _ layer: Layer, _ delta: UnsafePointer<Float>, rows: Int, into result: UnsafeMutablePointer<Float>
  ) {
    let convolution = layer.convolution
    layer.transpose()
    result.update(repeating: 0, count: rows * layer.inputCount)
    layer.forEachPart(of: rows) { first, count in
      let columns = roundedUp(convolution.patchCount, to: Vector.lanes)
      PatchProduct.multiply(
        delta + first * layer.outputCount, strips: layer.strips(of: count), inner: layer.outputs.padded, layer.backward,
        columns: columns, into: patches)
      convolution.addPatches(patches, stride: columns, to: result + first * layer.inputCount, count: count)
    }
  }

  func inputGradient(rows: Int, into result: UnsafeMutablePointer<Float>) {
    guard !layers.isEmpty else { return dense.inputGradient(rows: rows, into: result) }
    dense.inputGradient(rows: rows, into: delta)
    var here = delta, other = nextDelta
    for number in layers.indices.reversed() {
      let layer = layers[number]
      activeMask?.apply(number, to: here, rows: rows)
      activation.backward(finished(layer, here, rows: rows, into: here))
      goBack(layer, here, rows: rows, into: number > 0 ? other : result)
      swap(&here, &other)
    }
  }
}
