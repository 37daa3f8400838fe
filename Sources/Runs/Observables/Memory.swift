import Flows
import MessagePassing
import Numerics
import Samples
import Transport

/// Whether the trained particles lie nearer to single targets than fresh samples would: the chance that a particle's ratio of
/// the distances to the nearest and to the third nearest target is smaller than a target's own among the others. 0.5: as
/// fresh samples; 1: copies.
///
/// The ratio does not depend on how far off a particle is, so that it tells copies while others have not arrived. It is
/// looked at in some of the particles and in some of the steps, and stands still between.
package final class Memory: Observable {
  static let column = "memory"
  package let columns = [column]
  package let sums = 1

  private let targets: Matrix
  /// The targets' own ratios, ascending.
  private let ratios: [Float]
  private let chosen: [Int]
  private var step = 1
  private var value = 0.0

  /// So many comparisons of coordinates take some hundredths of a second.
  private static let mostWork = 2e8

  /// For particles of a set, on their way to these targets.
  package init(of set: ParticleSet, targets: Matrix) {
    self.targets = targets
    let most = min(2000, max(200, Int(Self.mostWork / Double(targets.count))))
    chosen = Excerpt.choice(of: most, from: set.count)
    ratios = Excerpt.choice(of: most, from: targets.rows).map { row in
      Self.ratio(nearestThree(to: targets.row(row), among: targets, except: row))
    }.sorted()
  }

  /// Whether it can be told: a target needs three others.
  static func isPossible(targets: Int) -> Bool { targets >= 4 }

  /// The value from which on particles are nearer to single targets than chance has it: half, and two standard errors of
  /// what so many targets say.
  package static func limit(targets: Int) -> Double { 0.5 + 2 * (1 / (12 * Double(targets))).squareRoot() }

  /// The same for particles that are so few themselves that their draw matters as well: two standard errors of the rank
  /// statistic of two samples (Mann and Whitney 1947).
  package static func limit(targets: Int, particles: Int) -> Double {
    let (n, m) = (Double(targets), Double(particles))
    return 0.5 + 2 * ((n + m + 1) / (12 * n * m)).squareRoot()
  }

  package func add(_ flow: Flow, to sum: ExactSum, maxima: inout [Double]) {
    guard LookedAt.isDue(step) else { return }
    sum.add(ownComparisons(flow.motions[0].set), to: 0)
  }

  /// Twice the comparisons that this rank's particles win, a whole number, so that sums over ranks are exact.
  private func ownComparisons(_ set: ParticleSet) -> Double {
    let own = set.rows.rows
    return chosen.reduce(0) { sum, row in
      guard own.contains(row) else { return sum }
      let point = set.positions.row(row - own.lowerBound)
      return sum + Double(above(Self.ratio(nearestThree(to: point, among: targets))))
    }
  }

  /// The chance as the particles are now. Collective.
  package func look(at set: ParticleSet, on communicator: Communicator) throws -> Double {
    share(try communicator.allReduce(ownComparisons(set), .sum))
  }

  private func share(_ comparisons: Double) -> Double { comparisons / Double(2 * chosen.count * ratios.count) }

  package func values(_ measured: Measured) -> [Double] {
    if LookedAt.isDue(step) { value = share(measured.sum.numbers(0)[0]) }
    step += 1
    return [value]
  }

  /// Twice the number of the targets' ratios above this one, and the number of those equal to it.
  private func above(_ ratio: Float) -> Int {
    func count(_ isBefore: (Float) -> Bool) -> Int {
      var low = 0, high = ratios.count
      while low < high {
        let middle = (low + high) / 2
        if isBefore(ratios[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return 2 * ratios.count - count { $0 < ratio } - count { $0 <= ratio }
  }

  private static func ratio(_ squares: (Float, Float, Float)) -> Float {
    squares.2 > 0 && squares.2 < .infinity ? squares.0 / squares.2 : 0
  }

  package func record(into snapshot: inout Snapshot) { snapshot.add("memory", [Double(step), value]) }

  package func restore(from snapshot: Snapshot) throws {
    step = try snapshot.count("memory", at: 0)
    value = try snapshot.float64("memory")[1]
  }
}

/// In which steps what takes time is looked at: all at first, then every tenth part of those made.
enum LookedAt {
  /// Whether a step, from 1, is one of them.
  static func isDue(_ step: Int) -> Bool { step % max(1, step / 10) == 0 }
}
