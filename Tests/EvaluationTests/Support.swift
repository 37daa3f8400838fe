import Evaluation
import Numerics

/// Points with coordinates that any language makes alike: sums of four of SplitMix64's numbers, in 24 bits each, less 2.
func points(_ rows: Int, _ columns: Int, key: UInt64, shift: Float = 0) -> Matrix {
  let matrix = Matrix(rows: rows, columns: columns)
  var state = key
  for i in 0..<matrix.count {
    var sum = -2.0
    for _ in 0..<4 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      sum += Double((z ^ (z >> 31)) >> 40) * 0x1p-24
    }
    matrix.elements[i] = Float(sum) + shift
  }
  return matrix
}

/// Points of one dimension.
func line(_ numbers: [Float]) -> Matrix {
  let matrix = Matrix(rows: numbers.count, columns: 1)
  for (i, number) in numbers.enumerated() { matrix[i, 0] = number }
  return matrix
}

/// What a metric says of two sets, by name.
func measure(
  _ metric: any SampleMetric, _ a: Matrix, _ b: Matrix, unit: Double = 1
) throws -> [String: Quantity] {
  let quantities = try metric.measure(SamplePair(a: a, b: b, unit: unit, on: Sets.world()))
  return Dictionary(quantities.map { ($0.name, $0) }) { first, _ in first }
}

/// Whether two numbers agree to a relative tolerance.
func agree(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
  a.map { abs($0 - b) <= tolerance * abs(b) } ?? false
}
