import Numerics

/// One block of rows on its way through the network and back, in memory that all blocks share and that stays in cache.
///
/// Rows are points, row-major (rows, dimension). A call handles at most `height` rows.
public final class BlockPass {
  private let network: Network
  private let height: Int
  /// The output of each hidden layer, (height, width).
  private var outputs: [UnsafeMutablePointer<Float>] = []
  /// What each activation keeps for the way back.
  private var slopes: [UnsafeMutablePointer<Float>] = []
  private let delta: UnsafeMutablePointer<Float>
  private let nextDelta: UnsafeMutablePointer<Float>
  /// phi of the block's rows after ``forward(_:rows:)``.
  public let phi: UnsafeMutablePointer<Float>
  /// Weights of the block's rows, for the caller to fill.
  public let weights: UnsafeMutablePointer<Float>
  /// The gradient with respect to the weights after ``backward(_:rows:)``, in the network's layout.
  public let gradient: UnsafeMutablePointer<Float>
  /// The gradient with respect to the biases, in the network's layout. It is summed in float64, and the weights of points
  /// are applied last: where neurons are active for all points, the parts of the two measures then cancel to the last bit.
  /// Adam would make whole steps of whatever rounding left.
  public let biasGradient: UnsafeMutablePointer<Double>

  /// Memory for blocks of a height.
  public init(network: Network, height: Int) {
    self.network = network
    self.height = height
    let widest = network.widths.dropFirst().max() ?? 1
    for width in network.widths.dropFirst().dropLast() {
      outputs.append(alignedMemory(of: Float.self, count: height * width))
      slopes.append(alignedMemory(of: Float.self, count: height * width))
    }
    delta = alignedMemory(of: Float.self, count: height * widest)
    nextDelta = alignedMemory(of: Float.self, count: height * widest)
    phi = alignedMemory(of: Float.self, count: height)
    weights = alignedMemory(of: Float.self, count: height)
    gradient = alignedMemory(of: Float.self, count: network.parameterCount)
    biasGradient = alignedMemory(of: Double.self, count: network.parameterCount)
  }

  deinit {
    for memory in outputs + slopes + [delta, nextDelta, phi, weights, gradient] { memory.deallocate() }
    biasGradient.deallocate()
  }

  private func weight(_ layer: Int) -> UnsafePointer<Float> {
    UnsafePointer(network.effective + network.weightOffsets[layer])
  }

  /// Computes `phi` of `rows` points.
  public func forward(_ points: UnsafePointer<Float>, rows: Int) {
    var input = points
    for layer in outputs.indices {
      let columns = network.widths[layer + 1], output = outputs[layer]
      let bias = network.effective + network.biasOffsets[layer]
      for row in 0..<rows { (output + row * columns).update(from: bias, count: columns) }
      Products.multiply(input, weight(layer), into: output, m: rows, n: columns, k: network.widths[layer], beta: 1)
      network.activation.apply(output, slopes: slopes[layer], rows: rows, width: columns)
      input = UnsafePointer(output)
    }
    let last = network.layers - 1, width = network.widths[last], w = weight(last)
    let bias = network.effective[network.biasOffsets[last]]
    for row in 0..<rows {
      let x = input + row * width
      var sum: Float = 0
      for i in 0..<width { sum += x[i] * w[i] }
      phi[row] = sum + bias
    }
  }

  /// Computes `gradient`, the gradient of sum_i weights_i phi(x_i) with respect to the effective parameters, after a forward
  /// pass of the same points.
  public func backward(_ points: UnsafePointer<Float>, rows: Int) {
    let last = network.layers - 1, width = network.widths[last]
    let input = last == 0 ? points : UnsafePointer(outputs[last - 1])
    let g = gradient + network.weightOffsets[last]
    for i in 0..<width { g[i] = 0 }
    var total = 0.0
    for row in 0..<rows {
      let x = input + row * width, weight = weights[row]
      for i in 0..<width { g[i] += weight * x[i] }
      total += Double(weight)
    }
    biasGradient[network.biasOffsets[last]] = total
    startDelta(rows: rows)
    var here = delta, other = nextDelta
    for layer in stride(from: last - 1, through: 0, by: -1) {
      let rowsIn = network.widths[layer], columns = network.widths[layer + 1]
      network.activation.pullBack(here, slopes: slopes[layer], rows: rows, width: columns)
      let input = layer == 0 ? points : UnsafePointer(outputs[layer - 1])
      if layer > 0 { Products.multiply(here, byTransposed: weight(layer), into: other, m: rows, n: rowsIn, k: columns) }
      applyWeights(to: here, rows: rows, width: columns, summingInto: biasGradient + network.biasOffsets[layer])
      Products.multiplyTransposed(
        input, by: here, into: gradient + network.weightOffsets[layer], m: rowsIn, n: columns, k: rows)
      swap(&here, &other)
    }
  }

  /// Computes weights_i grad phi(x_i) of `rows` points into `result`, (rows, dimension), after a forward pass; `result` may
  /// be the points themselves.
  public func inputGradient(rows: Int, into result: UnsafeMutablePointer<Float>) {
    let last = network.layers - 1
    guard last > 0 else {
      let w = weight(0), width = network.widths[0]
      for row in 0..<rows { for i in 0..<width { result[row * width + i] = weights[row] * w[i] } }
      return
    }
    startDelta(rows: rows)
    var here = delta, other = nextDelta
    for layer in stride(from: last - 1, through: 0, by: -1) {
      let rowsIn = network.widths[layer], columns = network.widths[layer + 1]
      network.activation.pullBack(here, slopes: slopes[layer], rows: rows, width: columns)
      let out = layer == 0 ? result : other
      Products.multiply(here, byTransposed: weight(layer), into: out, m: rows, n: rowsIn, k: columns)
      swap(&here, &other)
    }
    let dimension = network.widths[0]
    for row in 0..<rows {
      let scale = weights[row], out = result + row * dimension
      for i in 0..<dimension { out[i] *= scale }
    }
  }

  /// The gradient of phi, not yet weighted, with respect to the last hidden layer's output: the last weight in each row.
  private func startDelta(rows: Int) {
    let last = network.layers - 1
    guard last > 0 else { return }
    let width = network.widths[last], w = weight(last)
    for row in 0..<rows { (delta + row * width).update(from: w, count: width) }
  }

  /// Multiplies each row by its weight, and sums the columns of the products in float64.
  private func applyWeights(
    to values: UnsafeMutablePointer<Float>, rows: Int, width: Int, summingInto sums: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<width { sums[i] = 0 }
    for row in 0..<rows {
      let x = values + row * width, weight = weights[row], exact = Double(weight)
      for i in 0..<width {
        sums[i] += exact * Double(x[i])
        x[i] *= weight
      }
    }
  }
}
