import CRandom123
import Glibc

/// Counter-based random numbers (Philox4x32-10; Salmon, Moraes, Dror, Shaw 2011), keyed by seed, purpose and index: what
/// a particle draws depends on its global index and on nothing else, so not on the rank that owns it.
public struct RandomNumbers: Sendable {
  /// What numbers are drawn for; draws of different purposes are independent.
  public enum Purpose: UInt32, Sendable {
    case source = 1, target, generated, sourceSelection, targetSelection, generatedSelection, network, test, excerpt
    case oversampling = 20, evaluation, dropout
    /// Rows that are drawn after a run.
    case newSamples = 32
  }

  /// The seed that all purposes share.
  public let seed: UInt64
  /// What the numbers are for.
  public let purpose: Purpose

  /// The random numbers of a seed and a purpose.
  public init(seed: UInt64, purpose: Purpose) {
    self.seed = seed
    self.purpose = purpose
  }

  /// The draws of one index, from their beginning.
  public func stream(_ index: Int) -> RandomStream {
    RandomStream(key: seed, index: UInt64(index), purpose: purpose.rawValue)
  }
}

/// A sequence of draws; a value that starts anew whenever it is asked for.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private let key: UInt64
  private let index: UInt64
  private let purpose: UInt32
  private var counter: UInt32 = 0
  private var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var used = 4
  private var spareNormal: Double?

  init(key: UInt64, index: UInt64, purpose: UInt32) {
    self.key = key
    self.index = index
    self.purpose = purpose
  }

  /// 32 random bits.
  public mutating func word() -> UInt32 {
    if used == 4 {
      // The counter holds the index, the number of the draw and the purpose.
      withUnsafeMutableBytes(of: &words) {
        gpa_philox4x32(
          UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), counter, purpose, key,
          $0.assumingMemoryBound(to: UInt32.self).baseAddress)
      }
      counter &+= 1
      used = 0
    }
    used += 1
    switch used {
    case 1: return words.0
    case 2: return words.1
    case 3: return words.2
    default: return words.3
    }
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let high = UInt64(word())
    return high << 32 | UInt64(word())
  }

  /// A number of the open interval (0, 1), uniform on 2^52 midpoints.
  public mutating func uniform() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }

  /// A standard normal number (Box and Muller 1958).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(uniform())).squareRoot(), angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// A gamma-distributed number of a shape > 0 and scale 1 (Marsaglia and Tsang 2000).
  public mutating func gamma(shape: Double) -> Double {
    if shape < 1 {
      let boost = pow(uniform(), 1 / shape)
      return gamma(shape: shape + 1) * boost
    }
    let d = shape - 1 / 3.0, c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal(), v = pow(1 + c * x, 3)
      if v > 0, log(uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  /// A number of 0 ..< bound, every one equally likely.
  public mutating func integer(below bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &self)
  }

  /// An index drawn in proportion to weights that are not negative and not all zero.
  public mutating func category(weights: [Double]) -> Int {
    var left = uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return index }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}
