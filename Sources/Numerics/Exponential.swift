/// The exponential function as a branch-free polynomial of whole vectors.
public enum Exponential {
  /// exp(x) to 2 units in the last place, for x of [-700, 700]; what lies beyond counts as the end of that range. NaN stays.
  ///
  /// x = n log 2 + r, and the Taylor series of exp(r), |r| <= log(2)/2, to r^12.
  @inlinable @inline(__always)
  public static func of(_ argument: DoubleVector) -> DoubleVector {
    let x = argument.replacing(with: -700, where: argument .< -700).replacing(with: 700, where: argument .> 700)
    // The sum's last bits are n, as an integer.
    let magic = 0x1.8p52, shifted = x.times(DoubleVector(repeating: 1.4426950408889634), plus: .init(repeating: magic))
    let n = shifted - magic
    let r = n.times(
      .init(repeating: -1.9082149292705877e-10), plus: n.times(.init(repeating: -0.69314718036912382), plus: x))
    var p = DoubleVector(repeating: 1.0 / 479_001_600)
    p = p.times(r, plus: .init(repeating: 1.0 / 39_916_800))
    p = p.times(r, plus: .init(repeating: 1.0 / 3_628_800))
    p = p.times(r, plus: .init(repeating: 1.0 / 362_880))
    p = p.times(r, plus: .init(repeating: 1.0 / 40320))
    p = p.times(r, plus: .init(repeating: 1.0 / 5040))
    p = p.times(r, plus: .init(repeating: 1.0 / 720))
    p = p.times(r, plus: .init(repeating: 1.0 / 120))
    p = p.times(r, plus: .init(repeating: 1.0 / 24))
    p = p.times(r, plus: .init(repeating: 1.0 / 6))
    p = p.times(r, plus: .init(repeating: 0.5))
    p = p.times(r, plus: .init(repeating: 1))
    p = p.times(r, plus: .init(repeating: 1))
    let exponent = (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &+ 1023) &<< 52
    return p * unsafeBitCast(exponent, to: DoubleVector.self)
  }

  /// 2^x to 3 units in the last place, and exactly 1 for 0, for x of [-126, 127]; what lies beyond counts as the end of
  /// that range. NaN stays.
  ///
  /// x = n + r, and the polynomial of fifth degree with 1 at 0 whose largest relative error for |r| <= 1/2 is least.
  @inlinable @inline(__always)
  public static func ofTwo(_ argument: Vector) -> Vector {
    let x = argument.replacing(with: -126, where: argument .< -126).replacing(with: 127, where: argument .> 127)
    // The sum's last bits are n, as an integer.
    let magic: Float = 0x1.8p23, shifted = x + magic, r = x - (shifted - magic)
    var p = Vector(repeating: 0.0013264727262207107)
    p = p.times(r, plus: .init(repeating: 0.009671512710402761))
    p = p.times(r, plus: .init(repeating: 0.05550733743741679))
    p = p.times(r, plus: .init(repeating: 0.24022242084293813))
    p = p.times(r, plus: .init(repeating: 0.6931469775985024))
    p = p.times(r, plus: .init(repeating: 1))
    let exponent = (unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &+ 127) &<< 23
    return p * unsafeBitCast(exponent, to: Vector.self)
  }
}
