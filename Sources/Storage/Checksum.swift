/// A checksum that ranks work out together: the wrapping sum over elements of a 64-bit mix of their place and bits. The sums
/// of parts add up, so it does not depend on who holds which part; the mix is invertible, so a change of one element always
/// shows.
package enum Checksum {
  /// The sum over elements of 1, 4 or 8 bytes, the first of which is element `index` of the whole.
  package static func of<T: BitwiseCopyable>(_ values: UnsafePointer<T>, count: Int, from index: Int = 0) -> UInt64 {
    let bytes = UnsafeRawPointer(values)
    switch MemoryLayout<T>.size {
    case 1: return sum(bytes.assumingMemoryBound(to: UInt8.self), count, index)
    case 4: return sum(bytes.assumingMemoryBound(to: UInt32.self), count, index)
    case 8: return sum(bytes.assumingMemoryBound(to: UInt64.self), count, index)
    default: preconditionFailure("elements of 1, 4 or 8 bytes")
    }
  }

  /// The sum over a whole array.
  package static func of<T: BitwiseCopyable>(_ values: [T]) -> UInt64 {
    values.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { of($0, count: buffer.count) } ?? 0 }
  }

  private static func sum<Bits: UnsignedInteger>(_ bits: UnsafePointer<Bits>, _ count: Int, _ index: Int) -> UInt64 {
    var sum: UInt64 = 0
    for i in 0..<count {
      sum &+= mix(
        (UInt64(truncatingIfNeeded: index &+ i) &* 0x9e37_79b9_7f4a_7c15) ^ UInt64(truncatingIfNeeded: bits[i]))
    }
    return sum
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
  @inline(__always)
  private static func mix(_ bits: UInt64) -> UInt64 {
    var z = bits &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
