/// A translation and a unit of length in which sample sets lie around the origin, some units away.
///
/// D_f^L is the same for points in another unit with L in its inverse, and so is its flow with the time step in the unit's
/// square; but a network learns well in this scale, whatever the data's.
public struct CommonScale: Sendable, Equatable {
  /// The point that becomes the origin, in the data's coordinates.
  public let centre: [Double]
  /// The unit, in the data's.
  public let unit: Double
  /// Whether it leaves the data as they are.
  public let isNone: Bool

  /// A scale of this centre and unit.
  public init(centre: [Double], unit: Double) {
    self.centre = centre
    self.unit = unit
    isNone = unit == 1 && centre.allSatisfy { $0 == 0 }
  }

  /// The data as they are.
  public static func none(dimension: Int) -> CommonScale {
    CommonScale(centre: [Double](repeating: 0, count: dimension), unit: 1)
  }

  /// A coordinate in this scale.
  @inlinable @inline(__always)
  public func apply(_ value: Double, _ column: Int) -> Float { Float((value - centre[column]) / unit) }

  /// A coordinate in the data's scale.
  @inlinable @inline(__always)
  public func invert(_ value: Float, _ column: Int) -> Double { centre[column] + unit * Double(value) }

  /// Whether float32 holds the data's coordinates to a thousandth of the unit.
  public var fitsFloat32: Bool {
    unit > 0x1p-100 && centre.allSatisfy { abs($0) * 0x1p-24 < unit * 0x1p-10 }
  }

  /// Puts rows into the data's scale, row after row.
  public func invert<T: BinaryFloatingPoint>(_ rows: Range<Int>, of matrix: Matrix, into numbers: inout [T]) {
    numbers.removeAll(keepingCapacity: true)
    for row in rows {
      let start = matrix.row(row)
      for column in 0..<matrix.columns { numbers.append(T(invert(start[column], column))) }
    }
  }
}
