import HDF5

/// A number whose bits go into a checksum.
protocol ChecksummedNumber: HDF5Number {
  /// The bits, filled up with zeros.
  var checksumBits: UInt64 { get }
}

extension Float: ChecksummedNumber { var checksumBits: UInt64 { UInt64(bitPattern) } }
extension Double: ChecksummedNumber { var checksumBits: UInt64 { bitPattern } }
extension UInt8: ChecksummedNumber { var checksumBits: UInt64 { UInt64(self) } }

/// The checksum of a dataset: the wrapping sum over its elements of a 64-bit mix of place and bits. The sums of parts add
/// up, so it does not depend on who holds which rows; the mix is invertible, so that a change of one element always shows.
enum Checksum {
  /// The sum over `count` elements, the first of which is element `index` of its dataset.
  static func of<T: ChecksummedNumber>(_ values: UnsafePointer<T>, count: Int, from index: Int = 0) -> UInt64 {
    var sum: UInt64 = 0
    for i in 0..<count {
      sum &+= mix((UInt64(truncatingIfNeeded: index &+ i) &* 0x9e37_79b9_7f4a_7c15) ^ values[i].checksumBits)
    }
    return sum
  }

  /// The sum over 64-bit words, the first of which is number `index`.
  static func of(words: UnsafeBufferPointer<UInt64>, from index: Int) -> UInt64 {
    var sum: UInt64 = 0
    for (i, word) in words.enumerated() {
      sum &+= mix((UInt64(truncatingIfNeeded: index &+ i) &* 0x9e37_79b9_7f4a_7c15) ^ word)
    }
    return sum
  }

  /// The sum over a whole array.
  static func of<T: ChecksummedNumber>(_ values: [T]) -> UInt64 {
    values.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { of($0, count: buffer.count) } ?? 0 }
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
