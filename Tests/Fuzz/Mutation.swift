/// Random numbers of a seed and an index: SplitMix64 (Steele, Lea and Flood 2014).
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, index: Int) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(index) &* 0xD1B5_4A32_D192_ED03
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension [UInt8] {
  /// These bytes with one to six changes: bits, bytes, numbers at the ends of their ranges, parts cut out, doubled, taken
  /// from another input, or words that mean something.
  func mutated(beside other: [UInt8], words: [String], _ chance: inout Chance) -> [UInt8] {
    var bytes = self
    let numbers: [UInt64] = [
      0, 1, 0x7f, 0xff, 0x7fff_ffff, 0xffff_ffff, 1 << 40, 1_000_000_000_000_000_000, 1 << 62, .max,
    ]
    for _ in 0..<Int.random(in: 1...6, using: &chance) {
      guard !bytes.isEmpty else { break }
      let at = Int.random(in: 0..<bytes.count, using: &chance)
      switch Int.random(in: 0..<12, using: &chance) {
      case 0, 1: bytes[at] = UInt8.random(in: 0...255, using: &chance)
      case 2, 3: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
      case 4: bytes.remove(at: at)
      case 5: bytes.insert(UInt8.random(in: 0...255, using: &chance), at: at)
      case 6:
        let number = numbers[Int.random(in: 0..<numbers.count, using: &chance)],
          size = Bool.random(using: &chance) ? 4 : 8
        for i in 0..<size where at + i < bytes.count { bytes[at + i] = UInt8(truncatingIfNeeded: number >> (8 * i)) }
      case 7: if Int.random(in: 0..<4, using: &chance) == 0 { bytes.removeLast(bytes.count - at) }
      case 8:
        let end = Swift.min(bytes.count, at + Int.random(in: 1...64, using: &chance))
        bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 9:
        let end = Swift.min(bytes.count, at + Int.random(in: 1...64, using: &chance))
        bytes.removeSubrange(at..<end)
      case 10:
        guard !other.isEmpty else { continue }
        let from = Int.random(in: 0..<other.count, using: &chance)
        let part = other[from..<Swift.min(other.count, from + Int.random(in: 1...64, using: &chance))]
        bytes.replaceSubrange(at..<Swift.min(bytes.count, at + part.count), with: part)
      default:
        guard !words.isEmpty else { continue }
        bytes.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &chance)].utf8, at: at)
      }
    }
    return bytes
  }
}
