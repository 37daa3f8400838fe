import MessagePassing
import Numerics
import Samples
import Transport

/// Whether the particles have come to the target, by a fixed function (``Witness``). A network that learned nothing shows a
/// divergence of 0 wherever the particles are; this does not.
final class Arrival: Stateful {
  private let particles: ParticleSet
  private let targets: Matrix
  private let question: Witness.Question
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
    question = Witness.Question(
      divergence: setup.deck.divergence.f, direction: setup.deck.divergence.direction,
      lipschitz: setup.network.lipschitz, unit: setup.scale.unit)
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

  /// Whether the particles have come nearly all of the way: the energy distance, less what chance makes of it, is 1.5% of that
  /// at the start, or less. Collective.
  func isNear() throws -> Bool {
    let found = try look()
    return !(found.energyDistance - found.byChance > Self.near * start)
  }

  private static let near = 0.015

  /// The number of targets.
  var targetCount: Int { targets.rows }

  /// What people should know of the particles at the end of a run.
  func lines(of end: Witness) -> [String] {
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
  func look() throws -> Witness {
    let p = try particles.gathered(Excerpt.choice(of: mostRows, from: particles.count), on: communicator)
    let q = sampleOfTargets()
    let isChoice = p.rows < particles.count || q.rows < targets.rows
    return Witness(p, q, question, noise: isChoice ? 5 * (1 / Double(p.rows) + 1 / Double(q.rows)) : 0)
  }

  /// So many rows that their pairs take some hundredths of a second.
  private var mostRows: Int { min(2000, max(50, Int((2e7 / Double(targets.columns)).squareRoot()))) }

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
