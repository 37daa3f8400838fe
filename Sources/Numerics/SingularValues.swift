/// The largest singular value of weights: float32 matrices, row-major, whose shapes are known beforehand.
///
/// The normalised Gram matrix of the smaller side is squared, in float32, until little but its leading direction is left,
/// which a few products with a vector then single out. That needs no start vector and no history, so it is as right after a
/// crossing of singular values as before. The value itself is computed in float64 from the direction, whose error it does not
/// feel in first order.
public final class SingularValues {
  /// u after ``largest(_:rows:columns:)``, as long as the matrix has rows.
  public var u: UnsafePointer<Double> { UnsafePointer(isWide ? short : long) }
  /// v after ``largest(_:rows:columns:)``, as long as the matrix has columns.
  public var v: UnsafePointer<Double> { UnsafePointer(isWide ? long : short) }
  private var isWide = false
  private let short: UnsafeMutablePointer<Double>
  private let long: UnsafeMutablePointer<Double>
  private let image: UnsafeMutablePointer<Double>
  private let tall: UnsafeMutablePointer<Float>
  private var gram: UnsafeMutablePointer<Float>
  private var square: UnsafeMutablePointer<Float>
  private let packed: UnsafeMutablePointer<Float>
  /// Two values a fraction g apart are then told apart if 2 g 2^17 is above log n, the worst case being that the lesser
  /// lies along one axis and the largest along none: at width 256 from g = 2e-5 on.
  private static let mostSquarings = 16
  /// The slab that `tall` holds.
  private var loaded: TallLayout.Slab?

  /// Working memory for matrices of these shapes.
  public init(shapes: [(rows: Int, columns: Int)]) {
    let layouts = shapes.map { TallLayout(rows: $0.rows, columns: $0.columns) }
    let side = layouts.map(\.side).max() ?? 0, area = layouts.map(\.slabCount).max() ?? 0
    let length = layouts.map(\.length).max() ?? 0
    short = alignedMemory(of: Double.self, count: side)
    long = alignedMemory(of: Double.self, count: length)
    image = alignedMemory(of: Double.self, count: side)
    tall = alignedMemory(of: Float.self, count: area)
    gram = alignedMemory(of: Float.self, count: side * side)
    square = alignedMemory(of: Float.self, count: side * side)
    packed = alignedMemory(of: Float.self, count: side * side)
  }

  deinit {
    for memory in [tall, gram, square, packed] { memory.deallocate() }
    for memory in [short, long, image] { memory.deallocate() }
  }

  /// The largest singular value; its vectors are `u` and `v` until the next call. Relative error below 3e-5 up to width 256,
  /// and below 1e-6 where the two largest do not almost agree; NaN where an entry is not finite. With `polishing`, power iterations in float64 follow until the vectors are right to 1e-6.
  public func largest(_ weight: UnsafePointer<Float>, rows: Int, columns: Int, polishing: Bool = false) -> Double {
    let layout = TallLayout(rows: rows, columns: columns)
    isWide = layout.isWide
    loaded = nil
    if layout.n == 1 { short[0] = 1 } else { findDirection(weight, layout) }
    var value = stretch(weight, layout)
    guard polishing, layout.n > 1, value > 0, value.isFinite else { return value }
    for _ in 0..<100 {
      let distance = turnBack(weight, layout, value)
      value = stretch(weight, layout)
      if distance < 1e-6 * value { break }
    }
    return value
  }

  private func load(_ slab: TallLayout.Slab, _ weight: UnsafePointer<Float>, _ layout: TallLayout) {
    guard slab != loaded else { return }
    layout.fill(tall, with: slab, of: weight)
    loaded = slab
  }

  /// Fills `short` with the leading right direction of the tall matrix, not normalised.
  private func findDirection(_ weight: UnsafePointer<Float>, _ layout: TallLayout) {
    let n = layout.n, side = layout.side
    layout.forEachSlab { slab in
      load(slab, weight, layout)
      layout.addProduct(tall, tall, slab, to: gram, by: square)
    }
    // Another value may have come down to a part x of the largest. The longest row then has a share of at least 1 / (2n) in
    // the leading direction, and three products leave less than x^4 (2n)^1/2 < 2e-3 of another, which enters the value by
    // its square.
    let x = min(0.125, 1 / Float(2 * n).squareRoot()), purity = (1 + x * x) / ((1 + x) * (1 + x))
    var trace: Float = 0, row = 0
    for i in 0..<n { trace += gram[i * side + i] }
    for squarings in 0...Self.mostSquarings {
      // Rarely more than once: squares of a trace of 1 stay far from the ends of float32 for long.
      if trace < 1e-8 || trace > 1 {
        guard trace > 0, trace.isFinite else { break }
        let scale = 1 / trace
        for i in stride(from: 0, to: side * side, by: Vector.lanes) { (Vector(gram + i) * scale).store(gram + i) }
        trace = 1
      }
      let (norm, longest) = squaredNorm(side)
      row = longest
      if norm > purity * trace * trace || squarings == Self.mostSquarings { break }
      Tile.multiply(gram, rows: side, gram, side: side, packed: packed, into: square)
      swap(&gram, &square)
      trace = norm
    }
    for i in 0..<side { packed[i] = gram[row * side + i] }
    var vector = packed, next = packed + side
    let scale = trace > 0 && trace.isFinite ? 1 / trace : 1
    for _ in 0..<3 {
      multiplyByGram(vector, side, scale: scale, into: next)
      swap(&vector, &next)
    }
    for i in 0..<side { short[i] = Double(vector[i]) }
  }

  /// The squared Frobenius norm of `gram`, which is the trace of its square, and its longest row.
  private func squaredNorm(_ side: Int) -> (Float, row: Int) {
    var norm: Float = 0, most: Float = -1, longest = 0
    for first in stride(from: 0, to: side, by: 8) {
      var sums = InlineArray<8, Vector>(repeating: .zero)
      for column in stride(from: 0, to: side, by: Vector.lanes) {
        for r in 0..<8 {
          let values = Vector(gram + (first + r) * side + column)
          sums[r] = values.times(values, plus: sums[r])
        }
      }
      let squares = Vector.totals(sums)
      norm += squares.sum()
      for r in 0..<8 where squares[r] > most { (most, longest) = (squares[r], first + r) }
    }
    return (norm, longest)
  }

  /// The scaled product of `gram` and a vector.
  private func multiplyByGram(
    _ vector: UnsafePointer<Float>, _ side: Int, scale: Float, into result: UnsafeMutablePointer<Float>
  ) {
    for column in stride(from: 0, to: side, by: Vector.lanes) {
      var sums = InlineArray<4, Vector>(repeating: .zero)
      for row in stride(from: 0, to: side, by: 4) {
        for r in 0..<4 {
          let factor = Vector(repeating: vector[row + r])
          sums[r] = factor.times(Vector(gram + (row + r) * side + column), plus: sums[r])
        }
      }
      (((sums[0] + sums[1]) + (sums[2] + sums[3])) * scale).store(result + column)
    }
  }

  /// Normalises `short`, sets `long` to the normalised image of it; the norm of the image.
  private func stretch(_ weight: UnsafePointer<Float>, _ layout: TallLayout) -> Double {
    let side = layout.side
    _ = Self.normalise(short, layout.n)
    layout.forEachSlab { slab in
      load(slab, weight, layout)
      for row in slab.rows {
        let values = tall + (row - slab.rows.lowerBound) * side
        var sum = DoubleVector.zero
        for i in stride(from: 0, to: side, by: DoubleVector.lanes) {
          sum = DoubleVector(widening: values + i).times(DoubleVector(short + i), plus: sum)
        }
        long[row] = sum.total
      }
    }
    return Self.normalise(long, layout.length)
  }

  /// Replaces `short` by the image of `long` under the transposed matrix; how far that is from `value` times the old.
  private func turnBack(_ weight: UnsafePointer<Float>, _ layout: TallLayout, _ value: Double) -> Double {
    let side = layout.side
    image.update(repeating: 0, count: side)
    layout.forEachSlab { slab in
      load(slab, weight, layout)
      for i in stride(from: 0, to: side, by: DoubleVector.lanes) {
        var sum = DoubleVector(image + i)
        for row in slab.rows {
          let values = tall + (row - slab.rows.lowerBound) * side
          sum = DoubleVector(widening: values + i).times(DoubleVector(repeating: long[row]), plus: sum)
        }
        sum.store(image + i)
      }
    }
    var distance = DoubleVector.zero
    for i in stride(from: 0, to: side, by: DoubleVector.lanes) {
      let sum = DoubleVector(image + i), change = sum - value * DoubleVector(short + i)
      distance = change.times(change, plus: distance)
      sum.store(short + i)
    }
    return distance.total.squareRoot()
  }

  private static func normalise(_ vector: UnsafeMutablePointer<Double>, _ count: Int) -> Double {
    let whole = count / DoubleVector.lanes * DoubleVector.lanes
    var sums = DoubleVector.zero
    for i in stride(from: 0, to: whole, by: DoubleVector.lanes) {
      sums = DoubleVector(vector + i).times(DoubleVector(vector + i), plus: sums)
    }
    var sum = sums.total
    for i in whole..<count { sum += vector[i] * vector[i] }
    let norm = sum.squareRoot()
    if norm > 0 { for i in 0..<count { vector[i] /= norm } }
    return norm
  }
}
