import Numerics

/// The effective weights of a network as the tiles of a block's pass read them (see ``Tile``): filled up with zeros, in the
/// order of the layers' columns, and once more transposed for the backward pass.
final class PackedNetwork {
  private let network: Network
  /// Where each layer's weight and bias begin, in elements.
  private let weightOffsets: [Int]
  private let biasOffsets: [Int]
  /// How the inputs of each layer stand in memory: points as they are, then the hidden layers.
  let orders: [ColumnOrder]
  /// The weights of each hidden layer, (inputs, outputs).
  private(set) var forward: [UnsafeMutablePointer<Float>] = []
  /// The transposed weights of each hidden layer, (outputs, inputs).
  private(set) var backward: [UnsafeMutablePointer<Float>] = []
  /// The biases of each hidden layer.
  private(set) var biases: [UnsafeMutablePointer<Float>] = []
  /// The weights of the last layer, one output after the other.
  let last: UnsafeMutablePointer<Float>
  /// The same as the panels of a product, (outputs, columns).
  let lastPanels: UnsafeMutablePointer<Float>
  private let outputs: Int
  private var generation = -1
  private var inputGeneration = -1

  /// Memory for a network's layers from a tensor on, each a weight and a bias; `isPaired` where its activation is one of
  /// pairs.
  init(_ network: Network, from firstTensor: Int, input: ColumnOrder, isPaired: Bool) {
    self.network = network
    outputs = network.outputs
    let tensors = network.layout.tensors[firstTensor...], biases = tensors.filter { $0.kind == .bias }
    weightOffsets = tensors.filter { $0.kind != .bias }.map(\.offset)
    biasOffsets = biases.map(\.offset)
    orders =
      [input]
      + biases.dropLast().map { ColumnOrder(width: $0.count, isPaired: isPaired) }
    for layer in 0..<biases.count - 1 {
      let inputs = orders[layer].padded, outputs = orders[layer + 1].padded
      forward.append(alignedMemory(of: Float.self, count: inputs * outputs))
      backward.append(alignedMemory(of: Float.self, count: outputs * roundedUp(inputs, to: Vector.lanes)))
      self.biases.append(alignedMemory(of: Float.self, count: outputs))
    }
    let count = outputs * orders[biases.count - 1].padded
    last = alignedMemory(of: Float.self, count: count)
    lastPanels = alignedMemory(of: Float.self, count: count)
  }

  deinit {
    for memory in forward + backward + biases + [last, lastPanels] { memory.deallocate() }
  }

  /// The biases of the last layer.
  var lastBias: UnsafePointer<Float> { UnsafePointer(network.effective + biasOffsets[forward.count]) }

  /// Takes the network's present weights over, all but the first layer's transposed.
  @inline(__always)
  func prepare() {
    if generation != network.generation { pack() }
  }

  /// Takes the first layer's transposed weights over, which only gradients with respect to points need.
  func prepareInputGradient() {
    guard inputGeneration != network.generation, !backward.isEmpty else { return }
    packTransposed(0)
    inputGeneration = network.generation
  }

  private func pack() {
    for layer in forward.indices {
      let inputs = orders[layer], outputs = orders[layer + 1], columns = outputs.width
      let weight = network.effective + weightOffsets[layer]
      let bias = network.effective + biasOffsets[layer]
      let height = inputs.padded
      if inputs.isPlain && outputs.isPlain {
        biases[layer].update(from: bias, count: columns)
        packPlain(weight, rows: height, columns: columns, into: forward[layer])
        if layer > 0 { packTransposed(layer) }
        continue
      }
      for column in 0..<columns {
        let place = outputs.places[column]
        biases[layer][place] = bias[column]
        let target = forward[layer] + offset(ofColumn: place, height: height, columns: outputs.padded)
        let step = panelWidth(ofColumn: place, columns: outputs.padded)
        for row in 0..<inputs.width { target[inputs.places[row] * step] = weight[row * columns + column] }
      }
      if layer > 0 { packTransposed(layer) }
    }
    let layer = forward.count, weight = network.effective + weightOffsets[layer]
    let padded = orders[layer].padded
    for output in 0..<outputs {
      for row in 0..<orders[layer].width {
        let place = orders[layer].places[row], value = weight[row * outputs + output]
        last[output * padded + place] = value
        if forward.count > 0 {
          lastPanels[
            offset(ofColumn: place, height: outputs, columns: padded) + output
              * panelWidth(ofColumn: place, columns: padded)] = value
        }
      }
    }
    generation = network.generation
  }

  private func packPlain(
    _ weight: UnsafePointer<Float>, rows: Int, columns: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    for column in stride(from: 0, to: columns, by: Tile.columns) {
      let width = min(Tile.columns, columns - column), panel = packed + column * rows
      for row in 0..<rows { (panel + row * width).update(from: weight + row * columns + column, count: width) }
    }
  }

  private func packTransposed(_ layer: Int) {
    let inputs = orders[layer], outputs = orders[layer + 1], columns = outputs.width
    let weight = network.effective + weightOffsets[layer]
    let height = outputs.padded, padded = roundedUp(inputs.padded, to: Vector.lanes)
    if inputs.isPlain, outputs.isPlain, inputs.width == padded {
      return Tile.packTransposed(weight, rows: padded, columns: columns, into: backward[layer])
    }
    for row in 0..<inputs.width {
      let place = inputs.places[row]
      let target = backward[layer] + offset(ofColumn: place, height: height, columns: padded)
      let step = panelWidth(ofColumn: place, columns: padded)
      for column in 0..<columns { target[outputs.places[column] * step] = weight[row * columns + column] }
    }
  }

  private func panelWidth(ofColumn column: Int, columns: Int) -> Int {
    min(Tile.columns, columns - column / Tile.columns * Tile.columns)
  }

  private func offset(ofColumn column: Int, height: Int, columns: Int) -> Int {
    column / Tile.columns * Tile.columns * height + column % Tile.columns
  }
}
