import Glibc
import MessagePassing
import Numerics

/// The soft minimum over samples y_j with shares w_j, 1/M each if nothing else is said, of a potential g and the cost
/// |x - y|^2 / 2:
///
///     T(g)(x) = -epsilon log( sum_j w_j exp((g_j - |x - y_j|^2 / 2) / epsilon) )
///
/// in float32 with powers of two, and sums in float64 of what a tile adds up.
struct SoftMinimum {
  private let tiles: PairTiles
  /// log2(w_j M); nil where all are 0.
  private let weights: [Double]?

  /// A tile whose largest addend is 2 to this power of the largest met before adds nothing that float32 could hold.
  private static let negligible: Float = -40

  /// Minima over the rows of a matrix, whose shares are above 0 and add up to 1.
  init(over samples: Matrix, shares: [Double]? = nil) {
    tiles = PairTiles(to: samples)
    weights = shares.map { $0.map { log2($0 * Double(samples.rows)) } }
  }

  /// T(g) at the rows of a matrix. Collective.
  func callAsFunction(
    _ potential: [Double], at points: Matrix, epsilon: Double, on communicator: Communicator
  ) throws -> [Double] {
    // Without the mean, float32 holds more of what differs.
    let mean = potential.mean, unit = M_LOG2E / epsilon
    let heights = alignedMemory(of: Float.self, count: roundedUp(tiles.count, to: 32))
    defer { heights.deallocate() }
    for (j, value) in potential.enumerated() { heights[j] = Float((value - mean) * unit + (weights?[j] ?? 0)) }
    let slope = Vector(repeating: Float(-0.5 * unit)), offset = epsilon * log(Double(tiles.count)) - mean
    return try communicator.shareRows(points.rows) { rows, results in
      var tops = [Float](repeating: -.infinity, count: rows.count)
      tiles.forEach(rows, of: points) { tile in
        let heights = heights + tile.columns.lowerBound
        for (i, row) in tile.rows.enumerated() {
          let place = row - rows.lowerBound
          Self.add(
            tile.row(i), heights, slope, count: tile.columns.count, top: &tops[place], sum: &results[place])
        }
      }
      for place in 0..<rows.count { results[place] = offset - (Double(tops[place]) + log2(results[place])) / unit }
    }
  }

  /// Adds 2^(heights + slope * squares) to a sum, which is in units of 2^top; `top` is the largest exponent of all.
  @inline(__always)
  private static func add(
    _ squares: UnsafeMutablePointer<Float>, _ heights: UnsafePointer<Float>, _ slope: Vector, count: Int,
    top: inout Float, sum: inout Double
  ) {
    var most = Vector(repeating: -.infinity)
    for j in stride(from: 0, to: count, by: Vector.lanes) {
      let exponents = Vector(squares + j).times(slope, plus: Vector(heights + j))
      most = most.replacing(with: exponents, where: exponents .> most)
      exponents.store(squares + j)
    }
    let highest = most.max()
    if highest > top {
      sum *= exp2(Double(top - highest))
      top = highest
    } else if highest < top + negligible {
      return
    }
    var added = Vector.zero
    let origin = Vector(repeating: top)
    for j in stride(from: 0, to: count, by: Vector.lanes) {
      added += Exponential.ofTwo(Vector(squares + j) - origin)
    }
    sum += Double(added.total)
  }
}

extension [Double] {
  /// The mean, added up in order.
  var mean: Double { reduce(0, +) / Double(count) }
}
