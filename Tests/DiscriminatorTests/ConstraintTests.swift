import Discriminator
import Foundation
import Numerics
import Testing

/// Constraints on one matrix at a time.
@Suite struct ConstraintTests {
  /// Parameters of a kernel and three matrices, (5, 7), (7, 4) and the last of three outputs, (4, 3), at work under a
  /// constraint. The kernel comes last.
  private final class Work {
    let matrices: [WeightMatrix]
    let holder: any MatrixConstraint
    private let parameters: Matrix

    init(_ name: String, lipschitz: Double = 0.3) throws {
      var layout = ParameterLayout()
      layout.addKernel(
        "kernel", Convolution(height: 4, width: 5, channels: 2, size: 3, stride: 2, filters: 4))
      layout.addMatrix("first", rows: 5, columns: 7)
      layout.addBias("bias", count: 7)
      layout.addMatrix("middle", rows: 7, columns: 4)
      layout.addMatrix("last", rows: 4, columns: 3)
      parameters = Matrix(rows: 2, columns: layout.count)
      var stream = RandomNumbers(seed: 8, purpose: .test).stream(0)
      for i in 0..<layout.count { parameters[0, i] = Float(stream.normal()) }
      let all = WeightMatrix.all(
        of: layout, stored: parameters.row(0), effective: parameters.row(1), lipschitz: lipschitz)
      matrices = Array(all.dropFirst()) + all.prefix(1)
      holder = try #require(constraints.first { $0.name == name }).init().hold(all)
    }

    /// What phi is computed with, after `effective` was filled.
    func effective(_ matrix: WeightMatrix) -> [Double] {
      matrix.effective.update(from: matrix.stored, count: matrix.count)
      holder.fillEffective(matrix)
      return (0..<matrix.count).map { Double(matrix.effective[$0]) }
    }

  }

  /// The largest singular value; of the last matrix the longest column's, an output's each.
  private func spectralNorm(_ values: UnsafePointer<Float>, _ m: WeightMatrix) -> Double {
    guard !m.isLast else { return columns(values, m).max() ?? 0 }
    return SingularValues(shapes: [(m.rows, m.columns)]).largest(values, rows: m.rows, columns: m.columns)
  }

  private func columns(_ values: UnsafePointer<Float>, _ m: WeightMatrix) -> [Double] {
    (0..<m.columns).map { column in
      (0..<m.rows).reduce(0) { $0 + pow(Double(values[$1 * m.columns + column]), 2) }.squareRoot()
    }
  }

  private func numbers(_ matrix: WeightMatrix) -> [Double] {
    var stream = RandomNumbers(seed: 9, purpose: .test).stream(matrix.count)
    return (0..<matrix.count).map { _ in stream.normal() }
  }

  /// The largest entry of W^T W - I of the tall W.
  private func departure(_ m: WeightMatrix) -> Double {
    guard !m.isLast else { return columns(m.stored, m).map { abs($0 * $0 - 1) }.max() ?? 0 }
    let isWide = m.columns > m.rows, n = min(m.rows, m.columns), length = max(m.rows, m.columns)
    func w(_ i: Int, _ j: Int) -> Double { Double(m.stored[isWide ? j * m.columns + i : i * m.columns + j]) }
    var most = 0.0
    for a in 0..<n {
      for b in 0..<n {
        let product = (0..<length).reduce(0) { $0 + w($1, a) * w($1, b) }
        most = max(most, abs(product - (a == b ? 1 : 0)))
      }
    }
    return most
  }

  /// Start and projection put each matrix alone onto its constraint.
  @Test(arguments: ["spectral", "frobenius", "orthonormal"], [0, 1, 2])
  func onTheConstraint(name: String, index: Int) throws {
    let work = try Work(name), matrix = work.matrices[index], other = work.matrices[(index + 1) % 3]
    let share = pow(0.3, 0.25)
    func check() {
      switch name {
      case "spectral": #expect(abs(spectralNorm(matrix.stored, matrix) - share) < 1e-5)
      case "frobenius":
        let columns = columns(matrix.stored, matrix)
        let norm = matrix.isLast ? columns.max() ?? 0 : columns.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(norm - share) < 1e-6)
      default: #expect(departure(matrix) < 2e-6)
      }
    }
    let before = (0..<other.count).map { other.stored[$0] }
    work.holder.begin(matrix)
    check()
    for (i, value) in numbers(matrix).enumerated() { matrix.stored[i] += Float(0.01 * value) }
    work.holder.project(matrix)
    check()
    #expect((0..<other.count).map { other.stored[$0] } == before, "the other matrix is as it was")
  }

  /// Where the layers are 1-Lipschitz, L stands on the last alone.
  @Test(arguments: ["normalized", "orthonormal"], [0, 1, 2])
  func outputScale(name: String, index: Int) throws {
    let work = try Work(name), matrix = work.matrices[index]
    work.holder.begin(matrix)
    _ = work.effective(matrix)
    #expect(abs(spectralNorm(matrix.effective, matrix) - (index == 2 ? 0.3 : 1)) < 1e-5)
  }

  /// The derivative of <G, effective(W)> along D is <pullBack(G), D>, for directions D on the constraint.
  @Test(arguments: ["spectral", "frobenius", "normalized", "orthonormal"], [0, 1, 2, 3])
  func pullBack(name: String, index: Int) throws {
    let work = try Work(name), matrix = work.matrices[index], g = numbers(matrix)
    work.holder.begin(matrix)
    var direction = Array(g.reversed()), gradient = g
    work.holder.makeTangent(&direction, matrix)
    _ = work.effective(matrix)
    work.holder.pullBack(&gradient, matrix)
    let h = 1e-2, start = (0..<matrix.count).map { matrix.stored[$0] }
    func value(_ t: Double) -> Double {
      for i in start.indices { matrix.stored[i] = start[i] + Float(t * direction[i]) }
      // The norm of a kernel under normalized is looked for when it has moved.
      if name == "normalized" { work.holder.project(matrix) }
      defer { for i in start.indices { matrix.stored[i] = start[i] } }
      return zip(g, work.effective(matrix)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let expected = (value(h) - value(-h)) / (2 * h)
    let found = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(expected) > 0.02, "nothing to compare")
    #expect(abs(found - expected) < 2e-3 * (1 + abs(expected)), "\(found), not \(expected)")
  }

  /// A tangent direction of the Stiefel manifold leaves W^T W as it is in first order.
  @Test(arguments: [0, 1])
  func tangent(index: Int) throws {
    let work = try Work("orthonormal"), matrix = work.matrices[index]
    work.holder.begin(matrix)
    var direction = numbers(matrix)
    for (i, value) in direction.enumerated() { matrix.stored[i] += Float(1e-3 * value) }
    #expect(departure(matrix) > 5e-4, "the direction as it is leaves the manifold")
    work.holder.project(matrix)
    work.holder.makeTangent(&direction, matrix)
    for (i, value) in direction.enumerated() { matrix.stored[i] += Float(1e-3 * value) }
    #expect(departure(matrix) < 5e-5)
  }
}
