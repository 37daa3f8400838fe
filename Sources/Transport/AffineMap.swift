import Numerics

/// x -> x A + b: what aligns particles with the target before the first time step.
package struct AffineMap: Sendable, Equatable {
  /// The linear part.
  package enum Linear: Sendable, Equatable {
    /// A = 1.
    case identity
    /// A has these numbers on its diagonal.
    case diagonal([Double])
    /// A, (inputs, outputs), row-major.
    case full([Double])
  }

  /// A.
  package let linear: Linear
  /// b.
  package let shift: [Double]

  /// A map of these parts; a full A has as many rows and columns as b has numbers.
  package init(_ linear: Linear, shift: [Double]) {
    self.linear = linear
    self.shift = shift
  }

  /// The number of coordinates.
  package var dimension: Int { shift.count }

  /// Maps rows, (rows, dimension), in their place: each in float64 and by itself, so that its bits depend on nothing else.
  package func apply(to rows: Matrix) {
    let columns = dimension
    ensure(rows.columns == columns, "a map of the rows' dimension")
    withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { memory in
      guard let result = memory.baseAddress else { return }
      for row in 0..<rows.rows {
        let x = rows.row(row)
        map(x, into: result)
        for i in 0..<columns { x[i] = Float(result[i]) }
      }
    }
  }

  /// Maps one point.
  private func map(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Double>) {
    let columns = dimension
    shift.withUnsafeBufferPointer { shift in for i in 0..<columns { y[i] = shift[i] } }
    switch linear {
    case .identity: for i in 0..<columns { y[i] += Double(x[i]) }
    case .diagonal(let factors):
      factors.withUnsafeBufferPointer { factors in for i in 0..<columns { y[i] += Double(x[i]) * factors[i] } }
    case .full(let matrix):
      matrix.withUnsafeBufferPointer { matrix in
        guard let start = matrix.baseAddress else { return }
        for j in 0..<columns {
          let factor = Double(x[j]), row = start + j * columns
          for i in 0..<columns { y[i] += factor * row[i] }
        }
      }
    }
  }

  /// The same map of points in a scale.
  package func inScale(_ scale: CommonScale) -> AffineMap {
    // (x - c) / u = z gives x A + b = (z u + c) A + b, and that less c over u.
    let centre = scale.centre, columns = dimension
    var moved = shift
    switch linear {
    case .identity: for i in 0..<columns { moved[i] += centre[i] }
    case .diagonal(let factors): for i in 0..<columns { moved[i] += centre[i] * factors[i] }
    case .full(let matrix):
      for j in 0..<columns { for i in 0..<columns { moved[i] += centre[j] * matrix[j * columns + i] } }
    }
    return AffineMap(linear, shift: (0..<columns).map { (moved[$0] - centre[$0]) / scale.unit })
  }

  /// Maps rows of float64 numbers, row after row.
  package func apply(to numbers: inout [Double]) {
    let columns = dimension
    for start in stride(from: 0, to: numbers.count, by: columns) {
      let x = Array(numbers[start..<start + columns])
      for i in 0..<columns {
        var sum = shift[i]
        switch linear {
        case .identity: sum += x[i]
        case .diagonal(let factors): sum += x[i] * factors[i]
        case .full(let matrix): for j in 0..<columns { sum += x[j] * matrix[j * columns + i] }
        }
        numbers[start + i] = sum
      }
    }
  }
}
