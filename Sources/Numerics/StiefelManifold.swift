/// Matrices with orthonormal columns, or rows where they are wide: float32, row-major, of shapes that are known beforehand.
///
/// BLAS are made in float32, like the matrices themselves, whose entries are 6e-8 off anyway. With its longer side
/// downwards a matrix is W, (length, n), W^T W = I.
public final class StiefelManifold {
  private let tall: UnsafeMutablePointer<Float>
  private let other: UnsafeMutablePointer<Float>
  private let gram: UnsafeMutablePointer<Float>
  private let factor: UnsafeMutablePointer<Float>
  private let packed: UnsafeMutablePointer<Float>

  /// Working memory for matrices of these shapes.
  public init(shapes: [(rows: Int, columns: Int)]) {
    let layouts = shapes.map { TallLayout(rows: $0.rows, columns: $0.columns) }
    let area = layouts.map(\.slabCount).max() ?? 0, side = layouts.map(\.side).max() ?? 0
    tall = alignedMemory(of: Float.self, count: area)
    other = alignedMemory(of: Float.self, count: area)
    gram = alignedMemory(of: Float.self, count: side * side)
    factor = alignedMemory(of: Float.self, count: side * side)
    packed = alignedMemory(of: Float.self, count: side * side)
  }

  deinit {
    for memory in [tall, other, gram, factor, packed] { memory.deallocate() }
  }

  /// Takes from a direction G, in the matrix's layout, what is normal to the manifold at the matrix: G - W sym(W^T G).
  public func makeTangent(
    _ direction: UnsafeMutablePointer<Double>, at weight: UnsafePointer<Float>, rows: Int, columns: Int
  ) {
    let layout = TallLayout(rows: rows, columns: columns), side = layout.side
    guard layout.n > 1 else {
      var along = 0.0
      for i in 0..<layout.length { along += Double(weight[i]) * direction[i] }
      for i in 0..<layout.length { direction[i] -= along * Double(weight[i]) }
      return
    }
    layout.forEachSlab { slab in
      layout.fill(tall, with: slab, of: weight)
      layout.fill(other, with: slab, of: direction)
      layout.addProduct(tall, other, slab, to: gram, by: factor)
    }
    for row in 0..<side {
      for column in 0..<side {
        factor[row * side + column] = 0.5 * (gram[row * side + column] + gram[column * side + row])
      }
    }
    layout.forEachSlab { slab in
      if !layout.isOneSlab { layout.fill(tall, with: slab, of: weight) }
      Tile.multiply(tall, rows: slab.height, factor, side: side, packed: packed, into: other)
      layout.subtract(other, from: slab, of: direction)
    }
  }

  /// Returns a matrix near the manifold to it: its polar factor, by Newton-Schulz iterations W <- W (1.5 - 0.5 W^T W) (Bjorck
  /// and Bowie 1971), until ||W^T W - I|| is below 1e-6 or as near to it as float32 comes. A matrix that is not finite stays
  /// as it is.
  public func project(_ weight: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    let layout = TallLayout(rows: rows, columns: columns), side = layout.side, n = layout.n
    guard n > 1 else {
      var square = 0.0
      for i in 0..<layout.length { square += Double(weight[i]) * Double(weight[i]) }
      guard square > 0 else { return }
      let scale = 1 / square.squareRoot()
      for i in 0..<layout.length { weight[i] = Float(Double(weight[i]) * scale) }
      return
    }
    for _ in 0..<40 {
      layout.forEachSlab { slab in
        layout.fill(tall, with: slab, of: weight)
        layout.addProduct(tall, tall, slab, to: gram, by: factor)
      }
      for i in 0..<n { gram[i * side + i] -= 1 }
      let departure = self.departure(side)
      guard departure.isFinite else { return }
      if departure > 1, shrink(weight, layout) { continue }
      if departure < 5e-7 { break }
      for i in stride(from: 0, to: side * side, by: Vector.lanes) { (Vector(gram + i) * -0.5).store(factor + i) }
      for i in 0..<n { factor[i * side + i] += 1 }
      layout.forEachSlab { slab in
        if !layout.isOneSlab { layout.fill(tall, with: slab, of: weight) }
        Tile.multiply(tall, rows: slab.height, factor, side: side, packed: packed, into: other)
        layout.read(other, into: slab, of: weight)
      }
      // A step leaves less than its square.
      if departure < 1e-3 { break }
    }
  }

  /// The Frobenius norm of `gram`.
  private func departure(_ side: Int) -> Float {
    var sum = Vector.zero
    for i in stride(from: 0, to: side * side, by: Vector.lanes) {
      let g = Vector(gram + i)
      sum = g.times(g, plus: sum)
    }
    return sum.total.squareRoot()
  }

  /// Divides the matrix by a bound of its largest singular value where that may be above the square root of 3, from which on
  /// the iteration would grow; `gram` is W^T W - I.
  private func shrink(_ weight: UnsafeMutablePointer<Float>, _ layout: TallLayout) -> Bool {
    var bound: Float = 0
    for row in 0..<layout.n {
      var sum: Float = 1
      for column in 0..<layout.n { sum += abs(gram[row * layout.side + column]) }
      bound = max(bound, sum)
    }
    guard bound > 2.9 else { return false }
    let scale = 0.999 / bound.squareRoot()
    for i in 0..<layout.n * layout.length { weight[i] *= scale }
    return true
  }
}
