extension FDivergence {
  /// inf over nu of nu + E_Q[f*(phi - nu)] for equally weighted samples of Q with these phi, and the nu: where the mean
  /// slope of f* is 1. `slopes` gets the slopes there.
  ///
  /// With the mean of phi over P it makes the best of a phi: the divergence is at least E_P[phi] less this (eq. 4 of the
  /// paper).
  package func bestShift(
    _ phi: UnsafeBufferPointer<Double>, slopes: UnsafeMutablePointer<Double>? = nil
  ) -> (value: Double, nu: Double) {
    let count = Double(phi.count), edge = argument(ofRatio: max(count, 2))
    var low = (phi.min() ?? 0) - centre, high = (phi.max() ?? 0) - centre
    func slope(_ nu: Double) -> Double {
      phi.reduce(0) { $0 + conjugate($1 - nu, linearBeyond: edge).slope } / count
    }
    // The mean slope falls in nu; at the ends all slopes are on one side of 1.
    while true {
      let middle = 0.5 * (low + high)
      guard low < middle, middle < high else { break }
      if slope(middle) > 1 { low = middle } else { high = middle }
    }
    var sum = 0.0
    for (i, phi) in phi.enumerated() {
      let (value, slope) = conjugate(phi - high, linearBeyond: edge)
      sum += value
      slopes?[i] = slope
    }
    return (high + sum / count, high)
  }
}
