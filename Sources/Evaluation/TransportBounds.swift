import Divergence
import Glibc
import Numerics

/// Bounds of D_f^L(P|Q) between two sets of equally weighted points, from potentials psi of the points of Q.
///
/// Only L |x_i - y_j| matters: phi(z) = min_j psi_j + L |z - y_j| is L-Lipschitz (McShane), and makes the most of psi; so
/// E_P[phi] - inf_nu (nu + E_Q[f*(psi - nu)]) is a lower bound. Every plan that spreads each x_i over the y_j is an upper
/// bound, sum_ij plan_ij L |x_i - y_j| + D_f(second marginal | Q): the divergence is the least of them (semi-relaxed optimal
/// transport). The plan here is the softmin of psi_j + L |x_i - y_j| at a temperature, whose rows have exact sums; the
/// smooth dual that belongs to it is what psi is to maximise (Cuturi 2013; Chizat et al. 2018).
final class TransportBounds {
  /// What a vector of potentials gives.
  struct Outcome {
    /// The smooth dual.
    var value: Double
    /// At most the divergence.
    var lower: Double
    /// At least the divergence.
    var upper: Double
  }

  private let divergence: any FDivergence
  private let n: Int
  private let m: Int
  private let stride: Int
  /// L |x_i - y_j|, (n, stride); large where the columns are filled up.
  private let cost: UnsafeMutablePointer<Float>
  private let row: UnsafeMutablePointer<Double>
  private let potentials: UnsafeMutablePointer<Double>
  private let marginal: UnsafeMutablePointer<Double>
  private let slopes: UnsafeMutablePointer<Double>

  /// The largest number of pairs of points: their costs take 4 bytes each.
  static let mostPairs = 1 << 25

  /// Points of P and Q, one a row, of the same dimension.
  init(_ p: Matrix, _ q: Matrix, lipschitz: Double, divergence: any FDivergence) {
    self.divergence = divergence
    n = p.rows
    m = q.rows
    stride = roundedUp(m, to: DoubleVector.lanes)
    cost = alignedMemory(of: Float.self, count: n * stride)
    row = alignedMemory(of: Double.self, count: stride)
    potentials = alignedMemory(of: Double.self, count: stride)
    marginal = alignedMemory(of: Double.self, count: stride)
    slopes = alignedMemory(of: Double.self, count: stride)
    for i in 0..<n {
      for j in 0..<stride {
        var square = 0.0
        for k in 0..<(j < m ? p.columns : 0) {
          let difference = Double(p[i, k]) - Double(q[j, k])
          square += difference * difference
        }
        cost[i * stride + j] = j < m ? Float(lipschitz * square.squareRoot()) : 1e30
      }
    }
  }

  deinit {
    cost.deallocate()
    for memory in [row, potentials, marginal, slopes] { memory.deallocate() }
  }

  /// The mean of L |x_i - y_j|.
  var meanCost: Double {
    var sum = 0.0
    for i in 0..<n { for j in 0..<m { sum += Double(cost[i * stride + j]) } }
    return sum / Double(n * m)
  }

  /// The smooth dual at a temperature, its gradient, and the bounds.
  func evaluate(_ psi: [Double], temperature: Double, gradient: inout [Double]) -> Outcome {
    for j in 0..<m { potentials[j] = psi[j] }
    marginal.update(repeating: 0, count: stride)
    var soft = 0.0, hard = 0.0, transport = 0.0
    for i in 0..<n {
      let (least, sum, spent) = spread(cost + i * stride, 1 / temperature)
      soft += least - temperature * log(sum / Double(m))
      hard += least
      transport += spent
    }
    let (second, _) = divergence.bestShift(UnsafeBufferPointer(start: potentials, count: m), slopes: slopes)
    let equal = 1 / Double(m), each = 1 / Double(n)
    var relaxation = 0.0
    for j in 0..<m {
      let mass = marginal[j] * each
      relaxation += equal * divergence.value(max(mass * Double(m), .leastNonzeroMagnitude))
      gradient[j] = mass - equal * slopes[j]
    }
    return Outcome(
      value: soft * each - second, lower: hard * each - second, upper: transport * each + relaxation)
  }

  /// Spreads one point of P: the least of psi_j + cost_j, the sum of exp((least - psi_j - cost_j) / temperature), and the
  /// cost of the spread point. Adds to the marginal.
  private func spread(_ cost: UnsafePointer<Float>, _ coldness: Double) -> (Double, Double, Double) {
    let lanes = DoubleVector.lanes
    var low = DoubleVector(repeating: .infinity)
    for j in Swift.stride(from: 0, to: stride, by: lanes) {
      let t = DoubleVector(widening: cost + j) + DoubleVector(potentials + j)
      low = low.replacing(with: t, where: t .< low)
      t.store(row + j)
    }
    let least = low.min(), origin = DoubleVector(repeating: least)
    var sum = DoubleVector.zero
    for j in Swift.stride(from: 0, to: stride, by: lanes) {
      let e = Exponential.of((origin - DoubleVector(row + j)) * coldness)
      sum += e
      e.store(row + j)
    }
    let total = sum.total, share = DoubleVector(repeating: 1 / total)
    var spent = DoubleVector.zero
    for j in Swift.stride(from: 0, to: stride, by: lanes) {
      let part = DoubleVector(row + j) * share
      spent = part.times(DoubleVector(widening: cost + j), plus: spent)
      (DoubleVector(marginal + j) + part).store(marginal + j)
    }
    return (least, total, spent.total)
  }
}
