/// Elementary functions as branch-free polynomials, so that loops over them vectorise.
public enum Elementwise {
  /// sin(pi t) and cos(pi t) for t of [0, 2], to about 1e-7 absolute: Taylor series about the nearest multiple of 1/2.
  @inline(__always)
  public static func sineAndCosineOfTurns(_ t: Float) -> (sine: Float, cosine: Float) {
    let quadrant = Int32(2 * t + 0.5)
    let x = (t - 0.5 * Float(quadrant)) * Float.pi, y = x * x
    let s = x * (1 + y * (-0.16666667 + y * (8.3333333e-3 + y * (-1.9841270e-4 + y * 2.7557319e-6))))
    let c = 1 + y * (-0.5 + y * (4.1666667e-2 + y * (-1.3888889e-3 + y * (2.4801587e-5 - y * 2.7557319e-7))))
    let swapped = quadrant & 1 != 0
    let sineSign: Float = quadrant & 2 != 0 ? -1 : 1
    let cosineSign: Float = (quadrant &+ 1) & 2 != 0 ? -1 : 1
    return (sineSign * (swapped ? c : s), cosineSign * (swapped ? s : c))
  }
}
