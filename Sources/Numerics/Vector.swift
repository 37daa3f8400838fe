public import CVector

/// Sixteen float32 numbers that are worked on together: an AVX-512 register, or two of AVX2.
public typealias Vector = SIMD16<Float>
/// Eight float64 numbers that are worked on together.
public typealias DoubleVector = SIMD8<Double>

extension SIMD16<Float> {
  /// How many numbers it holds.
  @inlinable @inline(__always) public static var lanes: Int { 16 }

  /// The numbers from a place on, aligned or not.
  @inlinable @inline(__always)
  public init(_ memory: UnsafePointer<Float>) {
    self = UnsafeRawPointer(memory).loadUnaligned(as: SIMD16<Float>.self)
  }

  /// Writes the numbers from a place on.
  @inlinable @inline(__always)
  public func store(_ memory: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(memory).storeBytes(of: self, as: SIMD16<Float>.self)
  }

  /// self * factor + addend, rounded once.
  @inlinable @inline(__always)
  public func times(_ factor: SIMD16<Float>, plus addend: SIMD16<Float>) -> SIMD16<Float> {
    gpa_fma(self, factor, addend)
  }

  /// The magnitudes.
  @inlinable @inline(__always) public var magnitudes: SIMD16<Float> { gpa_abs(self) }

  /// The square roots.
  @inlinable @inline(__always) public var squareRoots: SIMD16<Float> { gpa_sqrt(self) }

  /// Whether any number is below that of another in the same place.
  @inlinable @inline(__always)
  public func isAnywhere(below other: SIMD16<Float>) -> Bool { gpa_any_below(self, other) != 0 }

  /// Whether any number is that of another in the same place or above it.
  @inlinable @inline(__always)
  public func isAnywhere(notBelow other: SIMD16<Float>) -> Bool { gpa_any_not_above(other, self) != 0 }

  /// The sum of all, halves first.
  @inlinable @inline(__always) public var total: Float { gpa_sum(self) }

  /// The ``total`` of each of eight.
  @inlinable @inline(__always)
  public static func totals(_ vectors: InlineArray<8, SIMD16<Float>>) -> SIMD8<Float> {
    gpa_sums(
      vectors[0], vectors[1], vectors[2], vectors[3], vectors[4], vectors[5], vectors[6], vectors[7])
  }

  /// The first and the last eight in float64.
  @inlinable @inline(__always)
  public var widened: (low: DoubleVector, high: DoubleVector) { (gpa_widen(lowHalf), gpa_widen(highHalf)) }

  /// Each number put through a function of one number.
  @inlinable @inline(__always)
  public func map(_ body: (Float) -> Float) -> SIMD16<Float> {
    var result = self
    for i in 0..<16 { result[i] = body(self[i]) }
    return result
  }
}

extension SIMD8<Double> {
  /// How many numbers it holds.
  @inlinable @inline(__always) public static var lanes: Int { 8 }

  /// The numbers from a place on, aligned or not.
  @inlinable @inline(__always)
  public init(_ memory: UnsafePointer<Double>) {
    self = UnsafeRawPointer(memory).loadUnaligned(as: SIMD8<Double>.self)
  }

  /// The float32 numbers from a place on.
  @inlinable @inline(__always)
  public init(widening memory: UnsafePointer<Float>) {
    self = gpa_widen(UnsafeRawPointer(memory).loadUnaligned(as: SIMD8<Float>.self))
  }

  /// Writes the numbers from a place on.
  @inlinable @inline(__always)
  public func store(_ memory: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(memory).storeBytes(of: self, as: SIMD8<Double>.self)
  }

  /// self * factor + addend, rounded once.
  @inlinable @inline(__always)
  public func times(_ factor: SIMD8<Double>, plus addend: SIMD8<Double>) -> SIMD8<Double> {
    gpa_fma_double(self, factor, addend)
  }

  /// The square roots.
  @inlinable @inline(__always) public var squareRoots: SIMD8<Double> { gpa_sqrt_double(self) }

  /// The magnitudes.
  @inlinable @inline(__always) public var magnitudes: SIMD8<Double> { gpa_abs_double(self) }

  /// The sum of all, halves first.
  @inlinable @inline(__always) public var total: Double { gpa_sum_double(self) }

  /// Rounded to float32.
  @inlinable @inline(__always) public var narrowed: SIMD8<Float> { gpa_narrow(self) }
}

/// The least multiple of `step` that is not below `count`.
@inlinable @inline(__always)
public func roundedUp(_ count: Int, to step: Int) -> Int { (count + step - 1) / step * step }
