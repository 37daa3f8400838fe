import Discriminator
import Numerics
import Samples
import Transport

/// What people should know of the end of a run beside its reason.
struct Ending {
  private let witness: Witness
  private let memory: Double?
  private let stray: Double?
  private let structure: String?

  /// Looks at the final state. Collective.
  init(_ setup: Setup, _ arrival: Arrival, _ structure: Structure?) throws {
    self.structure = try structure.map { $0.line(try $0.look(at: setup.sets[0], on: setup.communicator)) }
    witness = try arrival.look()
    let sets = setup.sets, communicator = setup.communicator
    memory =
      Memory.isPossible(targets: setup.targets.rows)
      ? try Memory(of: sets[0], targets: setup.targets).look(at: sets[0], on: communicator) : nil
    stray = try sets.dropFirst().first.flatMap { try Self.stray(of: $0, from: sets[0], setup) }
  }

  /// The mean distance of particles that are carried along to the nearest trained one, over that of the trained ones to
  /// the nearest other; nil where these lie on each other. Collective.
  private static func stray(of carried: ParticleSet, from trained: ParticleSet, _ setup: Setup) throws -> Double? {
    guard trained.count > 1 else { return nil }
    let most = min(2000, max(50, Int((1e8 / Double(setup.targets.columns)).squareRoot()))),
      communicator = setup.communicator
    let some = try trained.gathered(Excerpt.choice(of: most, from: trained.count), on: communicator)
    let others = try carried.gathered(Excerpt.choice(of: most, from: carried.count), on: communicator)
    func mean(_ rows: Matrix, _ except: (Int) -> Int?) -> Double {
      (0..<rows.rows).reduce(0) { sum, row in
        sum + Double(nearestThree(to: rows.row(row), among: some, except: except(row)).0).squareRoot()
      } / Double(rows.rows)
    }
    let among = mean(some) { $0 }
    return among > 0 ? mean(others) { _ in nil } / among : nil
  }

  /// The lines, with how the divergence went.
  func lines(_ arrival: Arrival, _ trend: Trend) -> [String] {
    var lines = arrival.lines(of: witness)
    lines.append(
      trend.isRising
        ? "the divergence was least around step \(trend.lowestStep) and rises since: the network fits the noise of the samples"
        : trend.isFalling ? "the divergence still falls" : "the divergence neither falls nor rises any more")
    if let memory {
      let limit = Memory.limit(targets: arrival.targetCount)
      lines.append(
        "memory \(Text.short(memory)) (0.5: as fresh samples, 1: copies): the particles "
          + (memory < limit
            ? "do not lie nearer to single targets than fresh samples would"
            : "lie nearer to single targets than fresh samples would"
              + (memory > 0.65 ? "; fewer steps keep them off" : "")))
    }
    if let structure { lines.append(structure) }
    if let stray {
      lines.append(
        "particles carried along lie \(Text.short(stray)) times as far from the trained ones as these from each other"
          + (stray > 1.5 ? ": the field is not known there; a larger source.oversample helps" : ""))
    }
    return lines
  }
}
