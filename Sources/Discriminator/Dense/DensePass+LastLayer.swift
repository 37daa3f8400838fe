import Numerics

/// The last layer, whose column of weights a row's label chooses.
extension DensePass {
  /// Computes `phi` from the last hidden layer's output.
  func multiplyLast(_ strips: Int) {
    let columns = packed.orders[hiddenLayers].padded, output = outputs[hiddenLayers - 1]
    for row in stride(from: 0, to: strips * Tile.rows, by: Tile.rows) {
      var sums = InlineArray<8, Vector>(repeating: .zero)
      for column in stride(from: 0, to: columns, by: Vector.lanes) {
        let weight = Vector(packed.last + column)
        for r in 0..<8 { sums[r] = Vector(output + (row + r) * columns + column).times(weight, plus: sums[r]) }
      }
      UnsafeMutableRawPointer(phi + row).storeBytes(of: Vector.totals(sums) + packed.lastBias[0], as: SIMD8<Float>.self)
    }
  }

  /// Computes `phi` from the last hidden layer's output, each row's by its label.
  func multiplyLast(rows: Int) {
    let columns = packed.orders[hiddenLayers].padded, output = outputs[hiddenLayers - 1], bias = packed.lastBias
    for row in 0..<rows {
      let label = selection.output(row), weight = packed.last + label * columns, values = output + row * columns
      var sum = Vector.zero
      for column in stride(from: 0, to: columns, by: Vector.lanes) {
        sum = Vector(values + column).times(Vector(weight + column), plus: sum)
      }
      phi[row] = sum.total + bias[label]
    }
  }

  /// The gradient of the last layer's weight, put where the network has it.
  func putLastGradient(_ points: UnsafePointer<Float>, rows: Int) {
    let last = hiddenLayers, order = packed.orders[last], columns = order.padded, count = selection.outputs
    let result = gradient + weightOffsets[last]
    guard last > 0 else {
      result.update(repeating: 0, count: order.width * count)
      for row in 0..<rows {
        let label = selection.output(row)
        for (i, place) in order.places.enumerated() {
          result[i * count + label] += weights[row] * points[row * columns + place]
        }
      }
      return
    }
    if count > 1 { selection.fill(rows: rows, weights: weights) }
    Tile.outerProduct(
      count > 1 ? selection.matrix : weights, stride: count, m: count, outputs[last - 1], n: columns, rows: rows,
      into: packedGradient)
    for (i, place) in order.places.enumerated() {
      for label in 0..<count { result[i * count + label] = packedGradient[label * columns + place] }
    }
  }
}
