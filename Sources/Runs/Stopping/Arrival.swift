import Divergence
import Flows
import Glibc
import MessagePassing
import Numerics
import Samples
import Transport

/// How near the particles are to the target, by a function that nothing is trained for: half of the mean distance to the
/// target less that to the particles, which is 1-Lipschitz, and tells any two distributions apart (Szekely and Rizzo
/// 2013). A network that learned nothing shows a divergence of 0 wherever the particles are; this does not.
final class Arrival: Stateful {
  /// What was found of the particles where they are.
  struct Look {
    /// The energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| of particles and target, in the data's unit.
    let energyDistance: Double
    /// A lower bound of the divergence: what multiples of the function attain, up to L. Where it is made of a choice of
    /// rows, less what two choices from one distribution may differ by.
    let divergence: Double
    /// The mean squared gradient of the multiple that attains it, in the data's units.
    let fisherInformation: Double
    /// The mean distance of two target samples, in the data's unit.
    let spread: Double
  }

  private let particles: ParticleSet
  private let targets: Matrix
  private let divergence: any FDivergence
  private let isReverse: Bool
  private let lipschitz: Double
  private let unit: Double
  private let communicator: Communicator
  /// The energy distance at the start of the run.
  private(set) var start = Double.nan
  /// The first step at which convergence may be judged again after it was denied.
  private var nextJudgement = 0.0
  private var wasDenied = false

  /// The look at a run's first set.
  init(_ setup: Setup) {
    particles = setup.sets[0]
    targets = setup.targets
    divergence = setup.deck.divergence.f
    isReverse = setup.deck.divergence.direction == .reverse
    lipschitz = setup.network.lipschitz
    unit = setup.scale.unit
    communicator = setup.communicator
  }

  /// Looks at the particles before the first step. Collective.
  func begin() throws { if start.isNaN { start = try look().energyDistance } }

  /// Whether what a rule says holds without the trained network, too.
  enum Verdict {
    case holds
    /// It does not, and what to say of that, once in a run.
    case fails(String?)
  }

  /// Judges a reason to end; where it does not hold, the next judgement waits for a twentieth of the steps. Collective.
  func judge(_ reason: StopReason, at step: Int) throws -> Verdict {
    guard let claim = reason.claim else { return .holds }
    guard Double(step) >= nextJudgement else { return .fails(nil) }
    guard let found = claim.measure(try look()), !(found < claim.bound) else { return .holds }
    nextJudgement = 1.05 * Double(step) + 1
    defer { wasDenied = true }
    return .fails(
      wasDenied
        ? nil
        : "not converged: \(claim.name) is below \(Text.short(claim.bound)) by what the network was trained to, but at "
          + "least \(Text.short(found)) by a fixed function: the run goes on")
  }

  /// What people should know of the particles at the end of a run.
  func lines(of end: Look) -> [String] {
    var lines = [
      "energy distance of particles and target: \(Text.short(max(end.energyDistance, 0))), at the start "
        + Text.short(max(start, 0))
    ]
    if end.energyDistance > 0.5 * start, start > 0.02 * end.spread {
      lines.append(
        "warning: the particles have hardly come nearer to the target; more steps, or auto for divergence.lipschitz, "
          + "transport.time_step and discriminator.scale, may help")
    }
    return lines
  }

  /// Looks. Collective.
  func look() throws -> Look {
    let p = try sample(of: particles), q = sampleOfTargets()
    let directions = UnsafeMutablePointer<Double>.allocate(capacity: 2 * p.count)
    defer { directions.deallocate() }
    let away = directions + p.count
    let fromTarget = meanDistances(from: p, to: q, directions: directions)
    let among = meanDistances(from: p, to: p, directions: away)
    let toParticles = meanDistances(from: q, to: p), amongTargets = meanDistances(from: q, to: q)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let first = zip(fromTarget, among).map { ($0 - $1) / 2 }
    let second = zip(amongTargets, toParticles).map { ($0 - $1) / 2 }
    let best = isReverse ? attained(second.map { -$0 }, first.map { -$0 }) : attained(first, second)
    let isChoice = p.rows < particles.count || q.rows < targets.rows
    let noise = isChoice ? 5 * (1 / Double(p.rows) + 1 / Double(q.rows)) : 0
    var squares = 0.0
    for i in 0..<p.count {
      let gradient = best.factor * (directions[i] - away[i]) / 2
      squares += gradient * gradient
    }
    return Look(
      energyDistance: unit * (2 * mean(fromTarget) - mean(among) - mean(amongTargets)),
      divergence: max(best.value - noise, 0),
      fisherInformation: best.value > noise ? squares / Double(p.rows) / unit / unit : 0,
      spread: unit * mean(amongTargets))
  }

  /// The best factor of a function from 0 to L, and what it attains: E[first] less the best shift of the second.
  private func attained(_ first: [Double], _ second: [Double]) -> (value: Double, factor: Double) {
    let mean = first.reduce(0, +) / Double(first.count)
    func value(_ factor: Double) -> Double {
      second.map { factor * $0 }.withUnsafeBufferPointer { factor * mean - divergence.bestShift($0).value }
    }
    // Concave in the factor. Without a bound the largest one is that of a very steep network.
    var low = 0.0, high = lipschitz.isFinite ? lipschitz : 1e3
    for _ in 0..<30 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if value(a) < value(b) { low = a } else { high = b }
    }
    return (value(high), high)
  }

  /// So many rows that their pairs take some hundredths of a second.
  private var mostRows: Int { min(2000, max(50, Int((2e7 / Double(targets.columns)).squareRoot()))) }

  private func sample(of set: ParticleSet) throws -> Matrix {
    let chosen = Excerpt.choice(of: mostRows, from: set.count), own = set.rows.rows, columns = set.positions.columns
    var numbers = [Double](repeating: 0, count: chosen.count * columns)
    for (place, row) in chosen.enumerated() where own.contains(row) {
      let start = set.positions.row(row - own.lowerBound)
      for column in 0..<columns { numbers[place * columns + column] = Double(start[column]) }
    }
    try numbers.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .sum) }
    let result = Matrix(rows: chosen.count, columns: columns)
    for i in 0..<result.count { result.elements[i] = Float(numbers[i]) }
    return result
  }

  private func sampleOfTargets() -> Matrix {
    let chosen = Excerpt.choice(of: mostRows, from: targets.rows)
    let result = Matrix(rows: chosen.count, columns: targets.columns)
    for (place, row) in chosen.enumerated() {
      result.row(place).update(from: targets.row(row), count: targets.columns)
    }
    return result
  }

  func record(into snapshot: inout Snapshot) {
    snapshot.add("arrival", [start, nextJudgement, wasDenied ? 1 : 0])
  }

  func restore(from snapshot: Snapshot) throws {
    let values = try snapshot.float64("arrival")
    start = values[0]
    nextJudgement = values[1]
    wasDenied = values[2] > 0
  }
}
