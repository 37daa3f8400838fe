import Glibc

/// Sums that are the same bits in any order of addition: every addend is rounded once to a power-of-two grid and added in
/// float64, where the additions are exact (pre-rounded summation; Demmel and Nguyen, "Fast Reproducible Floating-Point
/// Summation", 2013).
///
/// A sum consists of groups of numbers of similar size; each group has a grid of its own, 2^-51 of its `limit`. Beside its
/// numbers a group sums the largest magnitudes of what each block adds: a bound for every partial sum. A bound within the
/// limit proves that all additions were exact; one beyond it, or far below, asks for a repetition on another grid. All this
/// is decided from the reduced numbers alone, so every rank decides alike. The limits are adapted from sum to sum.
public final class ExactSum {
  /// What a reduced sum is good for.
  enum Verdict: Equatable {
    /// The numbers hold.
    case exact
    /// The grid does not fit: adapt it and sum again.
    case again
    /// An addend of this group was not finite.
    case notFinite(group: Int)
  }

  /// The numbers of all groups, then one bound per group: what an all-reduce has to add up.
  public let buffer: UnsafeMutableBufferPointer<Double>
  /// Where the all-reduce puts the sums over all ranks; it may be `buffer`.
  public let sums: UnsafeMutableBufferPointer<Double>
  /// Where each group's numbers lie in the buffer.
  public let groups: [Range<Int>]
  /// The bound above which a group's sum would not be exact; powers of two.
  public private(set) var limits: [Double]

  private let ownsMemory: Bool

  /// How many numbers the buffer of such groups holds.
  public static func count(groupSizes: [Int]) -> Int { groupSizes.reduce(0, +) + groupSizes.count }

  /// Groups of given sizes, all zero, in memory of its own, where an all-reduce replaces the addends by the sums.
  public convenience init(groupSizes: [Int]) {
    let count = Self.count(groupSizes: groupSizes)
    let memory = UnsafeMutableBufferPointer(start: alignedMemory(of: Double.self, count: count), count: count)
    self.init(groupSizes: groupSizes, addends: memory, sums: memory, ownsMemory: true)
  }

  /// Groups of given sizes in memory of somebody else, `count(groupSizes:)` numbers each.
  public convenience init(
    groupSizes: [Int], addends: UnsafeMutableBufferPointer<Double>, sums: UnsafeMutableBufferPointer<Double>
  ) {
    self.init(groupSizes: groupSizes, addends: addends, sums: sums, ownsMemory: false)
  }

  private init(
    groupSizes: [Int], addends: UnsafeMutableBufferPointer<Double>, sums: UnsafeMutableBufferPointer<Double>,
    ownsMemory: Bool
  ) {
    var start = 0
    groups = groupSizes.map { size in
      defer { start += size }
      return start..<start + size
    }
    ensure(addends.count == start + groups.count && sums.count == addends.count, "memory for these groups")
    buffer = addends
    self.sums = sums
    self.ownsMemory = ownsMemory
    limits = groupSizes.map { _ in 0x1p10 }
  }

  deinit { if ownsMemory { buffer.baseAddress?.deallocate() } }

  /// The limits to continue with, as stored by another run of the same sum.
  public func restore(limits: [Double]) {
    ensure(limits.count == groups.count, "one limit per group")
    self.limits = limits
  }

  /// Sets all numbers to zero.
  public func clear() { buffer.update(repeating: 0) }

  /// The sums of a group over all ranks.
  public func numbers(_ group: Int) -> UnsafePointer<Double> {
    UnsafePointer(sums.baseAddress.unsafelyUnwrapped + groups[group].lowerBound)
  }

  private func addends(_ group: Int) -> UnsafeMutablePointer<Double> {
    buffer.baseAddress.unsafelyUnwrapped + groups[group].lowerBound
  }

  /// Adds what one block contributes to a group: as many float32 numbers as the group has.
  public func add(_ addends: UnsafePointer<Float>, to group: Int) {
    let count = groups[group].count, sums = self.addends(group)
    let magic = 3 * limits[group], magics = DoubleVector(repeating: magic)
    // Magnitudes are compared as bit patterns, in which a NaN is above all numbers.
    var most = SIMD16<UInt32>.zero
    var i = 0
    while i + Vector.lanes <= count {
      let value = Vector(addends + i), (low, high) = value.widened
      let bits = unsafeBitCast(value.magnitudes, to: SIMD16<UInt32>.self)
      most = most.replacing(with: bits, where: bits .> most)
      (DoubleVector(sums + i) + ((low + magics) - magics)).store(sums + i)
      (DoubleVector(sums + i + 8) + ((high + magics) - magics)).store(sums + i + 8)
      i += Vector.lanes
    }
    var largest = most.max()
    while i < count {
      largest = max(largest, addends[i].bitPattern & 0x7fff_ffff)
      sums[i] += (Double(addends[i]) + magic) - magic
      i += 1
    }
    addBound(Double(Float(bitPattern: largest)), to: group)
  }

  /// Adds what one block contributes to a group: as many float64 numbers as the group has.
  public func add(_ addends: UnsafePointer<Double>, to group: Int) {
    let count = groups[group].count, sums = self.addends(group)
    let magic = 3 * limits[group]
    var largest: UInt64 = 0
    for i in 0..<count {
      largest = max(largest, addends[i].bitPattern & 0x7fff_ffff_ffff_ffff)
      sums[i] += (addends[i] + magic) - magic
    }
    addBound(Double(bitPattern: largest), to: group)
  }

  /// Adds one block's number to a group of one number.
  public func add(_ addend: Double, to group: Int) {
    let magic = 3 * limits[group]
    addends(group)[0] += (addend + magic) - magic
    addBound(abs(addend), to: group)
  }

  private func addBound(_ magnitude: Double, to group: Int) {
    // Rounded up to the grid, so that it bounds the rounded addends as well.
    let grid = limits[group] * 0x1p-51
    let bound = magnitude.isFinite ? (magnitude / grid).rounded(.up) * grid : magnitude
    buffer[buffer.count - groups.count + group] += bound
  }

  /// Takes over the limits of another sum of the same groups, to sum a part of it, and begins at zero.
  public func begin(partOf whole: ExactSum) {
    limits = whole.limits
    clear()
  }

  /// Adds a part of this sum, with its bounds.
  public func add(_ part: ExactSum) {
    for i in buffer.indices { buffer[i] += part.buffer[i] }
  }

  private func best(for bound: Double) -> Double {
    max(scalbn(1, Int32(clamping: Int(logb(bound)) + 1 + 10)), 0x1p-900)
  }

  /// Judges the reduced sums.
  func verdict() -> Verdict {
    let bounds = sums.count - groups.count
    for group in groups.indices where !sums[bounds + group].isFinite { return .notFinite(group: group) }
    for group in groups.indices {
      let bound = sums[bounds + group], limit = limits[group]
      if bound > limit { return .again }
      if bound > 0, bound < limit * 0x1p-25, best(for: bound) > 0x1p-900 { return .again }
    }
    return .exact
  }

  /// Adapts the limits to the reduced sums.
  func adaptLimits() {
    let bounds = sums.count - groups.count
    for group in groups.indices {
      let bound = sums[bounds + group]
      if bound > limits[group] {
        limits[group] *= 0x1p20
      } else if bound > 0 {
        limits[group] = best(for: bound)
      }
    }
  }
}
