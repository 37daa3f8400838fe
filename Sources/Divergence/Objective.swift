import Glibc
import Numerics
import Parameters

/// How the divergence is written as a supremum over phi.
package enum Formulation: String, Sendable, CaseIterable {
  /// D = E_1[phi] - log E_2[exp(phi)], Donsker and Varadhan; KL only.
  case donskerVaradhan = "donsker_varadhan"
  /// D = E_1[phi] - E_2[f*(phi - nu)] - nu with a trained shift nu.
  case legendre
}

/// Which measure stands where.
package enum Direction: String, Sendable, CaseIterable {
  /// D(P|Q): particles first, target second.
  case forward
  /// D(Q|P): target first, particles second.
  case reverse
}

/// The function of phi whose supremum is the divergence D(numerator | reference) (eq. 4 of the paper): the weights that the
/// points of the reference get, block by block, and what follows from the sums over all blocks. The points of the numerator
/// all have weight one over their number.
///
/// The Donsker-Varadhan weights exp(phi) are summed against a shift that all ranks know, so that one collective is enough,
/// and divided by their sum afterwards.
package struct Objective: Sendable {
  /// The divergence.
  package let divergence: any FDivergence
  /// The way it is written.
  package let formulation: Formulation
  /// Which measure stands first.
  package let direction: Direction
  /// The trained shift of the Legendre formulation.
  package var nu = 0.0
  /// The subtrahend of phi in the exponent of the Donsker-Varadhan formulation.
  package var shift = 0.0
  private let linearBeyond: Double
  /// The largest exponent of a Donsker-Varadhan weight. exp(62) is about 2^89.4: of fewer than 2^29 points a single one makes
  /// the mean so large that the shift counts as failed, and float32 has room left for its gradient, so that a shift which is
  /// far behind phi is found out from finite sums.
  private static let largestExponent = 62.0

  /// An objective for a reference of `referenceCount` equally weighted points.
  package init(divergence: any FDivergence, formulation: Formulation, direction: Direction, referenceCount: Int) {
    self.divergence = divergence
    self.formulation = formulation
    self.direction = direction
    linearBeyond = divergence.argument(ofRatio: Double(max(referenceCount, 2)))
  }

  /// Whether the first training has to know the largest phi of the reference beforehand: for the shift, or for a nu
  /// that puts phi - nu into the domain of f*.
  package var needsLargest: Bool { formulation == .donskerVaradhan || type(of: divergence).domainEdge < .infinity }

  /// Chooses shift and nu from the largest phi over the reference.
  package mutating func start(largest: Double) {
    switch formulation {
    case .donskerVaradhan: shift = largest
    case .legendre where largest - nu >= type(of: divergence).domainEdge: nu = largest - divergence.centre
    case .legendre: break
    }
  }

  /// The weights of a block of the reference, before the division by ``Outcome/referenceDivisor``, and the sums of its
  /// values (exp(phi - shift), or f*(phi - nu)) and of its slopes. Exponents are capped where the caller looks at
  /// ``Outcome/shiftFailed``, which the capped weights make true; a caller that does not must see an infinite weight instead.
  package func weigh(
    _ phi: UnsafePointer<Float>, count: Int, into weights: UnsafeMutablePointer<Float>, capped: Bool = true
  ) -> (values: Double, slopes: Double) {
    var values = 0.0, slopes = 0.0
    switch formulation {
    case .donskerVaradhan:
      // The sum is that of the weights as rounded, so that they add up to one exactly.
      var sum = DoubleVector.zero
      let lanes = DoubleVector.lanes, whole = count / lanes * lanes, most = capped ? Self.largestExponent : .infinity
      for i in stride(from: 0, to: whole, by: lanes) {
        let exponent = DoubleVector(widening: phi + i) - shift
        let e = Exponential.of(exponent.replacing(with: most, where: exponent .> most)).narrowed
        UnsafeMutableRawPointer(weights + i).storeBytes(of: e, as: SIMD8<Float>.self)
        sum += DoubleVector(widening: weights + i)
      }
      values = sum.total
      for i in whole..<count {
        let exponent = Double(phi[i]) - shift
        let e = Float(Exponential.of(DoubleVector(repeating: exponent > most ? most : exponent))[0])
        weights[i] = e
        values += Double(e)
      }
      slopes = values
    case .legendre:
      for i in 0..<count {
        let (value, slope) = divergence.conjugate(Double(phi[i]) - nu, linearBeyond: linearBeyond)
        weights[i] = Float(slope)
        values += value
        slopes += slope
      }
    }
    return (values, slopes)
  }

  /// What the sums over both measures amount to.
  package struct Outcome: Sendable {
    /// The value of the objective: a lower bound of D.
    package let divergence: Double
    /// By what the summed gradients of the reference are divided.
    package let referenceDivisor: Double
    /// The derivative with respect to nu.
    package let nuGradient: Double
    /// Whether the shift was so far off that the weights are useless and have to be summed again.
    package let shiftFailed: Bool
  }

  /// The outcome for the mean of phi over the numerator and the sums over the `referenceCount` points of the reference. Moves
  /// the shift along with phi, for the next iteration.
  package mutating func evaluate(meanOfNumerator: Double, values: Double, slopes: Double, referenceCount: Int)
    -> Outcome
  {
    let m = Double(referenceCount)
    switch formulation {
    case .donskerVaradhan:
      let mean = values / m, logarithm = log(mean)
      let outcome = Outcome(
        divergence: meanOfNumerator - shift - logarithm, referenceDivisor: values, nuGradient: 0,
        shiftFailed: !(mean > 0x1p-60 && mean < 0x1p60))
      if !outcome.shiftFailed { shift += logarithm }
      return outcome
    case .legendre:
      return Outcome(
        divergence: meanOfNumerator - values / m - nu, referenceDivisor: m, nuGradient: slopes / m - 1,
        shiftFailed: false)
    }
  }
}
