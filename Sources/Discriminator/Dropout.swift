import Numerics

/// Which units drop out of a block's hidden layers in one iteration of training (Srivastava et al. 2014): each with
/// probability `rate`, the others are multiplied by 1 / (1 - rate).
///
/// The draws are keyed by seed, iteration, measure and row, so that they do not depend on blocks, ranks and threads.
package struct DropoutDraw: Sendable {
  /// Above 0 and below 1.
  let rate: Double
  let seed: UInt64
  let iteration: Int
  /// 0 or 1: the rows of which measure.
  let measure: Int
  /// The block's first row, counted in its measure.
  let firstRow: Int

  /// The draw of a block in an iteration, counted from 0.
  package init(rate: Double, seed: UInt64, iteration: Int, measure: Int, firstRow: Int) {
    self.rate = rate
    self.seed = seed
    self.iteration = iteration
    self.measure = measure
    self.firstRow = firstRow
  }
}

/// The factors of a block's hidden units, 0 or 1 / (1 - rate), in memory of its own.
final class DropoutMask {
  /// The numbers of a row in each layer, and the factors of as many rows as a block has.
  private let layers: [(count: Int, factors: UnsafeMutablePointer<Float>)]
  /// The number of the first layer, which keys the draws.
  private let firstLayer: Int

  /// Factors for layers of so many numbers a row, and blocks of up to `height` rows.
  init(_ counts: [Int], firstLayer: Int, height: Int) {
    layers = counts.map { ($0, alignedMemory(of: Float.self, count: $0 * height)) }
    self.firstLayer = firstLayer
  }

  deinit { for layer in layers { layer.factors.deallocate() } }

  /// Draws the factors of so many rows.
  func fill(_ draw: DropoutDraw, rows: Int) {
    let least = UInt32((draw.rate * 0x1p32).rounded()), kept = Float(1 / (1 - draw.rate))
    for (number, layer) in layers.enumerated() {
      let numbers = RandomNumbers(seed: draw.seed ^ UInt64(firstLayer + number + 1) << 48, purpose: .dropout)
      for row in 0..<rows {
        var stream = numbers.stream(draw.iteration << 33 | draw.measure << 32 | (draw.firstRow + row))
        let factors = layer.factors + row * layer.count
        for i in 0..<layer.count { factors[i] = stream.word() < least ? 0 : kept }
      }
    }
  }

  /// Multiplies a layer's numbers of so many rows, values or their gradients.
  func apply(_ layer: Int, to values: UnsafeMutablePointer<Float>, rows: Int) {
    let (count, factors) = layers[layer]
    for i in 0..<rows * count { values[i] *= factors[i] }
  }
}
