import MessagePassing
import Numerics
import Samples
import Transport

extension ParticleSet {
  /// Some of the rows of all ranks on every rank, (chosen rows, dimension). Collective.
  func gathered(_ chosen: [Int], on communicator: Communicator) throws -> Matrix {
    let own = rows.rows, columns = positions.columns
    var numbers = [Double](repeating: 0, count: chosen.count * columns)
    for (place, row) in chosen.enumerated() where own.contains(row) {
      let start = positions.row(row - own.lowerBound)
      for column in 0..<columns { numbers[place * columns + column] = Double(start[column]) }
    }
    try numbers.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .sum) }
    let result = Matrix(rows: chosen.count, columns: columns)
    for i in 0..<result.count { result.elements[i] = Float(numbers[i]) }
    return result
  }
}

extension Excerpt {
  /// All rows of a matrix.
  init(_ rows: Matrix) { self.init(dimension: rows.columns, numbers: rows.buffer.map(Double.init)) }
}
