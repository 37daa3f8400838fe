import Glibc
import Numerics

/// The operator norm of a convolution: the largest singular value of the map A of images that it is, zero padding and stride
/// included.
///
/// A v and A^T u are products with the kernel, in float32; the leading direction of A^T A is found by locally optimal
/// conjugate gradients (Knyazev 2001, of one vector, without preconditioning) from where it was found before, until
/// |A^T A v - s^2 v| is below 3e-6 s^2: the value is then right to 1e-5 where it is the largest at all, as errors of the vector
/// enter it by their square. Nothing here depends on the processor, so every rank of a job finds the same.
final class ConvolutionNorm {
  /// The norm that ``update(_:)`` found last.
  private(set) var value = 0.0
  private var direction: [Double]
  private let convolution: Convolution
  /// The strips of patches, and the columns in memory of channels out and of patches.
  private let strips: Int, filters: Int, columns: Int
  private let forward, backward, patches, output, image, slope: UnsafeMutablePointer<Float>

  private static let tolerance = 3e-6, mostIterations = 60, mostFirstIterations = 400

  /// The norm of kernels of a convolution.
  init(_ convolution: Convolution) {
    self.convolution = convolution
    let count = convolution.height * convolution.width * convolution.channels
    strips = (convolution.patches + Tile.rows - 1) / Tile.rows
    filters = roundedUp(convolution.filters, to: Vector.lanes)
    columns = roundedUp(convolution.patchCount, to: Vector.lanes)
    forward = alignedMemory(of: Float.self, count: convolution.patchCount * filters)
    backward = alignedMemory(of: Float.self, count: filters * columns)
    patches = alignedMemory(of: Float.self, count: strips * Tile.rows * columns)
    output = alignedMemory(of: Float.self, count: strips * Tile.rows * filters)
    image = alignedMemory(of: Float.self, count: count)
    slope = alignedMemory(of: Float.self, count: convolution.patchCount * filters)
    var stream = RandomNumbers(seed: 0, purpose: .network).stream(0)
    direction = (0..<count).map { _ in stream.normal() }
  }

  deinit { for memory in [forward, backward, patches, output, image, slope] { memory.deallocate() } }

  /// What a continued run has to know: value and direction.
  var findings: [Double] { [value] + direction }

  /// Takes findings back.
  func take(_ findings: ArraySlice<Double>) {
    value = findings.first ?? 0
    direction = Array(findings.dropFirst())
  }

  /// Finds the norm of a kernel; NaN where an entry is not finite, 0 of a kernel of zeros.
  func update(_ kernel: UnsafePointer<Float>) -> Double {
    pack(kernel)
    var v = Direction(direction), p: Direction?
    guard v.normalise() else { return fail() }
    applySquare(&v)
    for _ in 0..<(value > 0 ? Self.mostIterations : Self.mostFirstIterations) {
      let square = v.along(v.image)
      guard square.isFinite else { return fail() }
      guard square > 0 else { break }
      var r = Direction(zip(v.image, v.values).map { $0 - square * $1 })
      if r.along(r.values).squareRoot() <= Self.tolerance * square { break }
      r.remove(v)
      guard r.normalise() else { break }
      applySquare(&r)
      if var last = p {
        last.remove(v)
        last.remove(r)
        p = last.normalise() ? last : nil
      }
      let (weights, _) = Self.leading([v, r] + (p.map { [$0] } ?? []))
      var step = Direction(combining: [(r, weights[1])] + (p.map { [($0, weights[2])] } ?? []))
      v = Direction(combining: [(v, weights[0]), (step, 1)])
      if !v.normalise() { return fail() }
      p = step.normalise() ? step : nil
    }
    direction = v.values
    value = stretch(direction)
    return value
  }

  private func fail() -> Double {
    value = .nan
    return value
  }

  /// The derivative of the norm by the kernel, in the kernel's order, after ``update(_:)`` of the same kernel.
  func forEachSlope(of kernel: UnsafePointer<Float>, _ body: (_ index: Int, _ slope: Double) -> Void) {
    // The kernel was packed for another one where its norm was not found but restored.
    pack(kernel)
    let square = stretch(direction), count = convolution.filters
    Tile.outerProduct(
      patches, stride: convolution.patchCount, m: convolution.patchCount, output, n: filters,
      rows: convolution.patches, into: slope)
    for row in 0..<convolution.patchCount {
      for filter in 0..<count { body(row * count + filter, Double(slope[row * filters + filter]) / square) }
    }
  }

  /// A vector with its image under A^T A.
  private struct Direction {
    var values: [Double]
    var image: [Double] = []

    init(_ values: [Double]) { self.values = values }

    init(combining parts: [(Direction, Double)]) {
      values = [Double](repeating: 0, count: parts[0].0.values.count)
      image = values
      for (part, weight) in parts {
        for i in values.indices {
          values[i] += weight * part.values[i]
          image[i] += weight * part.image[i]
        }
      }
    }

    func along(_ other: [Double]) -> Double {
      var sum = 0.0
      for i in values.indices { sum += values[i] * other[i] }
      return sum
    }

    /// Makes it orthogonal to a direction of length 1.
    mutating func remove(_ other: Direction) {
      let part = along(other.values)
      for i in values.indices { values[i] -= part * other.values[i] }
      for i in image.indices { image[i] -= part * other.image[i] }
    }

    /// Makes its length 1; false where it has none.
    mutating func normalise() -> Bool {
      let length = along(values).squareRoot()
      guard length > 0, length.isFinite else { return false }
      for i in values.indices { values[i] /= length }
      for i in image.indices { image[i] /= length }
      return true
    }
  }

  /// The leading eigenvector of A^T A on the span of two or three orthonormal directions, by Jacobi rotations.
  private static func leading(_ basis: [Direction]) -> (weights: [Double], value: Double) {
    let n = basis.count
    var a = (0..<n).map { i in (0..<n).map { j in basis[min(i, j)].along(basis[max(i, j)].image) } }
    var q = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0.0 } }
    for _ in 0..<12 {
      for i in 0..<n {
        for j in i + 1..<n where a[i][j] != 0 {
          let angle = 0.5 * atan2(2 * a[i][j], a[i][i] - a[j][j]), c = cos(angle), s = sin(angle)
          for k in 0..<n {
            (a[k][i], a[k][j]) = (c * a[k][i] + s * a[k][j], c * a[k][j] - s * a[k][i])
            (q[k][i], q[k][j]) = (c * q[k][i] + s * q[k][j], c * q[k][j] - s * q[k][i])
          }
          for k in 0..<n { (a[i][k], a[j][k]) = (c * a[i][k] + s * a[j][k], c * a[j][k] - s * a[i][k]) }
        }
      }
    }
    let most = (0..<n).max { a[$0][$0] < a[$1][$1] } ?? 0
    return (q.map { $0[most] }, a[most][most])
  }

  /// Sets `patches` and `output` to those of a direction; the length of the output.
  private func stretch(_ values: [Double]) -> Double {
    for i in values.indices { image[i] = Float(values[i]) }
    convolution.takePatches(of: image, count: 1, into: patches)
    let inner = convolution.patchCount
    product(patches, inner: inner, forward, columns: filters, into: output)
    var sum = 0.0
    for i in 0..<convolution.patches * filters { sum += Double(output[i]) * Double(output[i]) }
    return sum.squareRoot()
  }

  private func applySquare(_ direction: inout Direction) {
    _ = stretch(direction.values)
    product(output, inner: filters, backward, columns: columns, into: patches)
    image.update(repeating: 0, count: direction.values.count)
    convolution.addPatches(patches, stride: columns, to: image, count: 1)
    direction.image = direction.values.indices.map { Double(image[$0]) }
  }

  /// A product of whole strips.
  private func product(
    _ a: UnsafePointer<Float>, inner: Int, _ packed: UnsafePointer<Float>, columns: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    PatchProduct.multiply(a, strips: strips, inner: inner, packed, columns: columns, into: result)
  }

  /// Packs the kernel, (patch, channels out), and its transposed as panels (see ``Tile``).
  private func pack(_ kernel: UnsafePointer<Float>) {
    let inner = convolution.patchCount, count = convolution.filters
    func place(_ row: Int, _ column: Int, rows: Int, columns: Int) -> Int {
      let panel = column / Tile.columns * Tile.columns, width = min(Tile.columns, columns - panel)
      return panel * rows + row * width + column - panel
    }
    for row in 0..<inner {
      for column in 0..<count {
        let value = kernel[row * count + column]
        forward[place(row, column, rows: inner, columns: filters)] = value
        backward[place(column, row, rows: filters, columns: columns)] = value
      }
    }
  }
}
