import Evaluation
import Foundation
import MessagePassing
import Numerics
import Testing

/// Sets for tests of metrics, and plain definitions of what they are to find.
enum Sets {
  private nonisolated(unsafe) static let started: Communicator? = try? Environment.start().world

  static func world() throws -> Communicator { try #require(started) }

  static func pair(_ a: Matrix, _ b: Matrix, _ heldOut: Matrix? = nil) throws -> SamplePair {
    SamplePair(a: a, b: b, heldOut: heldOut, on: try world())
  }

  /// Standard normal rows, of a key of their own.
  static func gaussian(_ rows: Int, _ columns: Int, key: Int, deviation: Double = 1, mean: Double = 0) -> Matrix {
    let matrix = Matrix(rows: rows, columns: columns)
    var stream = RandomNumbers(seed: 17, purpose: .test).stream(key)
    for i in 0..<matrix.count { matrix.elements[i] = Float(mean + deviation * stream.normal()) }
    return matrix
  }

  static func distance(_ a: Matrix, _ i: Int, _ b: Matrix, _ j: Int) -> Double {
    (0..<a.columns).reduce(0) { sum, k in
      let difference = Double(a[i, k]) - Double(b[j, k])
      return sum + difference * difference
    }.squareRoot()
  }

  /// The distance from each row to the nearest one of others.
  static func nearest(_ a: Matrix, _ b: Matrix) -> [Double] {
    (0..<a.rows).map { i in (0..<b.rows).map { distance(a, i, b, $0) }.min() ?? .infinity }
  }
}

extension [Quantity] {
  /// The value of a quantity.
  func value(_ name: String) throws -> Double {
    let quantity = try #require(first { $0.name == name }, "\(name)")
    return try #require(quantity.value, "\(name): \(quantity.remark ?? "")")
  }

  /// Whether a quantity has no value and says why.
  func isMissing(_ name: String) -> Bool { contains { $0.name == name && $0.value == nil && $0.remark != nil } }
}
