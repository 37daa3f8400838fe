import Numerics

/// One block of rows on its way through a dense network, or a network's last, dense layers, and back, in memory in cache.
///
/// Inside, rows are filled up to whole strips and columns to whole vectors (see ``ColumnOrder``); what is filled up never
/// reaches a result.
package final class DensePass: BlockPass {
  private let network: Network
  private let activation: any Activation
  private let height: Int
  private let dimension: Int
  /// The first of the layers' tensors.
  private let firstTensor: Int
  let selection: OutputSelection
  /// Where each layer's weight begins, in elements.
  let weightOffsets: [Int]
  let packed: PackedNetwork
  /// What drops out; the memory is there from the first time on.
  private var dropout: DropoutDraw?
  private var mask: DropoutMask?
  /// The output of each hidden layer, (height, columns).
  var outputs: [UnsafeMutablePointer<Float>] = []
  /// What each activation saves for the backward pass.
  private var saved: [UnsafeMutablePointer<Float>] = []
  private let delta: UnsafeMutablePointer<Float>
  private let nextDelta: UnsafeMutablePointer<Float>
  /// The points of the last strip where they do not fill it, the rest zero; later a strip of gradients.
  private let strip: UnsafeMutablePointer<Float>
  /// The rows of a weight's gradient that are computed in one piece where they are then put in another order.
  private static let gradientRows = 64
  let packedGradient: UnsafeMutablePointer<Float>
  private let packedSums: UnsafeMutablePointer<Double>
  package let phi: UnsafeMutablePointer<Float>
  package let weights: UnsafeMutablePointer<Float>
  /// The gradient with respect to the weights after ``backward(_:rows:isWeighted:)``, in the network's layout.
  package let gradient: UnsafeMutablePointer<Float>
  /// The gradient with respect to each layer's biases. It is summed in float64, and the weights of points are applied last:
  /// where neurons are active for all points, the parts of the two measures then cancel to the last bit. Adam would make
  /// whole steps of whatever rounding left.
  package let biasGradient: [UnsafeMutablePointer<Double>]

  /// A pass through a network of this architecture, for blocks of up to `height` rows.
  package convenience init(network: Network, dense: Dense, height: Int) {
    self.init(
      network: network, from: 0, input: ColumnOrder(unordered: network.dimension), activation: dense.activation,
      height: height)
  }

  /// A pass through a network's layers from a tensor on, whose points have their columns in an order.
  init(network: Network, from firstTensor: Int, input: ColumnOrder, activation: any Activation, height: Int) {
    self.network = network
    self.height = height
    self.activation = activation
    self.firstTensor = firstTensor
    dimension = input.padded
    let tensors = network.layout.tensors[firstTensor...]
    weightOffsets = tensors.filter { $0.kind != .bias }.map(\.offset)
    packed = PackedNetwork(network, from: firstTensor, input: input, isPaired: type(of: activation).isPaired)
    let rows = roundedUp(height, to: Vector.lanes), hidden = packed.orders.dropFirst().map(\.padded)
    for columns in hidden {
      outputs.append(alignedMemory(of: Float.self, count: rows * columns))
      if !type(of: activation).savesValue { saved.append(alignedMemory(of: Float.self, count: rows * columns)) }
    }
    let widest = hidden.max() ?? 0, inputs = roundedUp(dimension, to: Vector.lanes)
    delta = alignedMemory(of: Float.self, count: rows * widest)
    nextDelta = alignedMemory(of: Float.self, count: rows * widest)
    strip = alignedMemory(of: Float.self, count: Tile.rows * inputs)
    packedGradient = alignedMemory(
      of: Float.self, count: max(Self.gradientRows, network.outputs) * max(widest, Vector.lanes))
    selection = OutputSelection(outputs: network.outputs, rows: rows)
    packedSums = alignedMemory(of: Double.self, count: widest)
    phi = alignedMemory(of: Float.self, count: rows)
    weights = alignedMemory(of: Float.self, count: rows)
    gradient = alignedMemory(of: Float.self, count: network.layout.count)
    biasGradient = tensors.filter { $0.kind == .bias }.map {
      alignedMemory(of: Double.self, count: $0.count)
    }
  }

  deinit {
    for memory in outputs + saved + [delta, nextDelta, strip, packedGradient, phi, weights, gradient] {
      memory.deallocate()
    }
    packedSums.deallocate()
    for memory in biasGradient { memory.deallocate() }
  }

  var hiddenLayers: Int { outputs.count }

  private func savedMemory(_ layer: Int) -> UnsafeMutablePointer<Float> {
    saved.isEmpty ? outputs[layer] : saved[layer]
  }

  package func dropOut(_ draw: DropoutDraw?) {
    dropout = hiddenLayers > 0 ? draw : nil
    guard dropout != nil, mask == nil else { return }
    mask = DropoutMask(
      packed.orders.dropFirst().map(\.padded), firstLayer: firstTensor,
      height: roundedUp(height, to: Vector.lanes))
  }

  /// The factors of what drops out; nil where nothing does.
  private var activeMask: DropoutMask? { dropout == nil ? nil : mask }

  package func forward(_ points: UnsafePointer<Float>, rows: Int, labels: UnsafePointer<Int32>?) {
    ensure(rows <= height, "a block has no more rows than its pass")
    packed.prepare()
    if let dropout { mask?.fill(dropout, rows: rows) }
    selection.labels = labels
    guard hiddenLayers > 0 else {
      let width = dimension, bias = packed.lastBias
      for row in 0..<rows {
        var sum: Float = 0
        let label = selection.output(row), w = packed.last + label * width
        for i in 0..<width { sum += points[row * width + i] * w[i] }
        phi[row] = sum + bias[label]
      }
      return
    }
    let strips = (rows + Tile.rows - 1) / Tile.rows
    var input = points, lastStrip = self.lastStrip(of: points, rows: rows)
    for layer in 0..<hiddenLayers {
      let inputs = packed.orders[layer].padded, columns = packed.orders[layer + 1].padded
      activation.forward(
        LayerProduct(
          input: input, stride: inputs, lastStrip: lastStrip, strips: strips, inner: inputs,
          packed: packed.forward[layer], columns: columns, start: packed.biases[layer], output: outputs[layer],
          saved: savedMemory(layer)))
      activeMask?.apply(layer, to: outputs[layer], rows: rows)
      input = UnsafePointer(outputs[layer])
      lastStrip = input + (strips - 1) * Tile.rows * columns
    }
    if selection.outputs == 1 { multiplyLast(strips) } else { multiplyLast(rows: rows) }
  }

  /// The last strip of the points, copied and filled up where they end within it.
  private func lastStrip(of points: UnsafePointer<Float>, rows: Int) -> UnsafePointer<Float> {
    let width = dimension, whole = rows / Tile.rows * Tile.rows
    guard rows > whole else { return points + (rows - Tile.rows) * width }
    strip.update(from: points + whole * width, count: (rows - whole) * width)
    (strip + (rows - whole) * width).update(repeating: 0, count: (whole + Tile.rows - rows) * width)
    return UnsafePointer(strip)
  }

  package func backward(
    _ points: UnsafePointer<Float>, rows: Int, isWeighted: Bool, into sums: ExactSum, measure: Int
  ) {
    backward(points, rows: rows, isWeighted: isWeighted)
    let first = measure * network.layout.tensors.count + firstTensor
    for layer in 0...hiddenLayers {
      sums.add(gradient + weightOffsets[layer], to: first + 2 * layer)
      sums.add(biasGradient[layer], to: first + 2 * layer + 1)
    }
  }

  /// Computes `gradient` and `biasGradient`, the gradient of sum_i weights_i phi(x_i) with respect to the effective
  /// parameters, after a forward pass of the same points. Without weights all are one.
  package func backward(_ points: UnsafePointer<Float>, rows: Int, isWeighted: Bool = true) {
    ensure(rows <= height, "a block has no more rows than its pass")
    if !isWeighted { weights.update(repeating: 1, count: rows) }
    let last = hiddenLayers
    biasGradient[last].update(repeating: 0, count: selection.outputs)
    for row in 0..<rows { biasGradient[last][selection.output(row)] += Double(weights[row]) }
    putLastGradient(points, rows: rows)
    guard last > 0 else { return }
    var here = startDelta(rows: rows), other = nextDelta
    for layer in stride(from: last - 1, through: 0, by: -1) {
      if layer > 0 { goBack(here, layer, rows: rows, into: other) }
      let columns = packed.orders[layer + 1].padded
      if isWeighted {
        BlockSums.weigh(here, columns: columns, by: weights, rows: rows, into: packedSums)
      } else {
        BlockSums.sum(here, columns: columns, rows: rows, into: packedSums)
      }
      let input = layer == 0 ? points : UnsafePointer(outputs[layer - 1])
      putGradient(layer, input, here, rows: rows)
      swap(&here, &other)
    }
  }

  /// The product of a layer's gradient with its transposed weight.
  private func chain(
    _ gradient: UnsafePointer<Float>, _ layer: Int, rows: Int, into output: UnsafeMutablePointer<Float>,
    saved: UnsafeMutablePointer<Float>
  ) -> LayerProduct {
    let strips = (rows + Tile.rows - 1) / Tile.rows, inner = packed.orders[layer + 1].padded
    return LayerProduct(
      input: gradient, stride: inner, lastStrip: gradient + (strips - 1) * Tile.rows * inner, strips: strips,
      inner: inner, packed: packed.backward[layer], columns: roundedUp(packed.orders[layer].padded, to: Vector.lanes),
      start: nil, output: output, saved: saved)
  }

  /// The gradient with respect to the argument of the layer before one, from that of the latter's.
  private func goBack(
    _ gradient: UnsafePointer<Float>, _ layer: Int, rows: Int, into output: UnsafeMutablePointer<Float>
  ) {
    let product = chain(gradient, layer, rows: rows, into: output, saved: savedMemory(layer - 1))
    guard let mask = activeMask else { return activation.backward(product) }
    product.run(StoreTiles(output: output))
    finishDropped(output, layer - 1, mask, rows: rows)
  }

  /// The gradient with respect to a hidden layer's argument from that with respect to what was left of its values, in place.
  private func finishDropped(_ gradient: UnsafeMutablePointer<Float>, _ layer: Int, _ mask: DropoutMask, rows: Int) {
    mask.apply(layer, to: gradient, rows: rows)
    activation.backward(
      LayerProduct(
        finished: gradient, rows: rows, columns: packed.orders[layer + 1].padded, output: gradient,
        saved: savedMemory(layer)))
  }

  /// The gradient of phi, not yet weighted, with respect to the last hidden layer's argument.
  private func startDelta(rows: Int) -> UnsafeMutablePointer<Float> {
    let layer = hiddenLayers - 1, strips = (rows + Tile.rows - 1) / Tile.rows
    let columns = packed.orders[layer + 1].padded
    if let mask = activeMask {
      for row in 0..<rows {
        (delta + row * columns).update(from: packed.last + selection.output(row) * columns, count: columns)
      }
      finishDropped(delta, layer, mask, rows: rows)
      return delta
    }
    guard selection.outputs > 1 else {
      activation.startBackward(
        LayerProduct(
          input: packed.last, stride: 0, lastStrip: packed.last, strips: strips, inner: 1, packed: packed.last,
          columns: columns, start: nil, output: delta, saved: savedMemory(layer)))
      return delta
    }
    let inner = selection.outputs
    selection.fill(rows: rows)
    activation.backward(
      LayerProduct(
        input: selection.matrix, stride: inner, lastStrip: selection.matrix + (strips - 1) * Tile.rows * inner,
        strips: strips, inner: inner, packed: packed.lastPanels, columns: columns, start: nil, output: delta,
        saved: savedMemory(layer)))
    return delta
  }

  /// The gradient of a hidden layer's parameters from its input and its weighted delta, put where the network has them.
  private func putGradient(
    _ layer: Int, _ input: UnsafePointer<Float>, _ delta: UnsafePointer<Float>, rows: Int
  ) {
    let inputs = packed.orders[layer], outputs = packed.orders[layer + 1]
    let result = gradient + weightOffsets[layer]
    if inputs.isPlain && outputs.isPlain {
      Tile.outerProduct(
        input, stride: inputs.padded, m: inputs.padded, delta, n: outputs.padded, rows: rows, into: result)
    } else {
      for first in stride(from: 0, to: inputs.padded, by: Self.gradientRows) {
        let count = min(Self.gradientRows, inputs.padded - first)
        Tile.outerProduct(
          input + first, stride: inputs.padded, m: count, delta, n: outputs.padded, rows: rows, into: packedGradient)
        for row in 0..<count {
          guard let column = inputs.column(at: first + row) else { continue }
          let from = packedGradient + row * outputs.padded, to = result + column * outputs.width
          for (i, place) in outputs.places.enumerated() { to[i] = from[place] }
        }
      }
    }
    for (i, place) in outputs.places.enumerated() { biasGradient[layer][i] = packedSums[place] }
  }

  package func inputGradient(rows: Int, into result: UnsafeMutablePointer<Float>) {
    ensure(rows <= height, "a block has no more rows than its pass")
    guard hiddenLayers > 0 else {
      for row in 0..<rows {
        let w = packed.last + selection.output(row) * dimension
        for i in 0..<dimension { result[row * dimension + i] = weights[row] * w[i] }
      }
      return
    }
    packed.prepareInputGradient()
    var here = startDelta(rows: rows), other = nextDelta
    for layer in stride(from: hiddenLayers - 1, to: 0, by: -1) {
      goBack(here, layer, rows: rows, into: other)
      swap(&here, &other)
    }
    let inner = packed.orders[1].padded, columns = roundedUp(dimension, to: Vector.lanes)
    for first in stride(from: 0, to: rows, by: Tile.rows) {
      let product = LayerProduct(
        input: here + first * inner, stride: inner, lastStrip: here + first * inner, strips: 1, inner: inner,
        packed: packed.backward[0], columns: columns, start: nil, output: strip, saved: strip)
      product.run(StoreTiles(output: strip))
      for row in 0..<min(Tile.rows, rows - first) {
        let out = result + (first + row) * dimension, scale = weights[first + row]
        for i in 0..<dimension { out[i] = scale * strip[row * columns + i] }
      }
    }
  }
}
