import Numerics
import Storage

/// Whether going on only fits the noise of the target's samples, and which state was the best.
///
/// Four signs, and a fifth for particles that are samples of their own (``Slowing``), whichever comes first: at the start the divergence is little more than chance makes it (``NullDivergence``); the
/// particles lie nearer to single targets than fresh samples would (``Memory``); the divergence is so small that the target's
/// samples cannot be told from as many particles; the divergence is past its minimum (``Trend``). With held-out targets there is
/// one in their place: the divergence from them has not fallen for some evaluations.
final class InTime: Stateful {
  private let isAutomatic: Bool
  private let patience: Int?
  /// The divergence below which samples cannot be told apart: M of them then have a log-likelihood ratio of an eighth.
  private let indistinguishable: Double
  private let memoryLimit: Double
  private let best: BestState?
  /// What the divergence before the first move would be by chance; nil where that is not known.
  private var byChance: Double?
  /// How the divergence goes.
  private(set) var trend = Trend()
  /// How fast it falls, where a run is to keep who is whose neighbour; nil elsewhere.
  private var slowing: Slowing?
  /// Whether the particles have come near to the target by a measure of its own; nil: not asked. Collective.
  private let isNear: (() throws -> Bool)?
  private var leastHeldOut = Double.infinity
  private var evaluationsSince = 0

  /// For a run to so many targets; without a best state nothing is stopped. `samples` says how many the particles are where they
  /// are samples of their own, whose places among each other mean something; nil where they are drawn.
  init(
    _ stop: StopSection, targets: Int, samples: Int?, best: BestState?, isNear: (() throws -> Bool)? = nil
  ) {
    self.isNear = isNear
    slowing = samples != nil && stop.automatic == true && stop.heldOut == nil ? Slowing() : nil
    isAutomatic = stop.automatic ?? false
    patience = stop.heldOut?.patience
    indistinguishable = 1 / (8 * Double(targets))
    memoryLimit = samples.map { Memory.limit(targets: targets, particles: $0) } ?? Memory.limit(targets: targets)
    self.best = best
  }

  /// A divergence of less than this times what chance makes it has little to teach.
  private static let leastExcess = 1.25

  /// Looks at the aligned particles before the first step. Collective.
  func begin(_ setup: Setup) throws {
    if isAutomatic, best != nil { byChance = try NullDivergence.measure(setup) }
  }

  /// Looks at a step that is proposed, before the particles move: its numbers are those of the state after the step before.
  /// Returns why the run should end, and with which state.
  /// Collective.
  func judge(_ step: Int, _ values: [String: Double]) throws -> StopReason? {
    trend.add(values[Divergence.column] ?? .nan, at: step)
    slowing?.add(values[Divergence.column] ?? .nan)
    if isAutomatic, patience == nil, step == 1, let byChance, let best, trend.average < Self.leastExcess * byChance {
      best.keep(0)
      return .inTime(
        "the divergence from the target's samples, \(Text.short(trend.average)), is little more than the "
          + "\(Text.short(byChance)) that chance makes", best: 0)
    }
    if let best, slowing?.isSlow == true, LookedAt.isDue(step), try isNear?() ?? true {
      best.keep(step - 1)
      return .inTime(
        "a step brings particles less than half as much nearer as the first ones did; to go on would move them past each other",
        best: step - 1)
    }
    guard let best, step > 1, LookedAt.isDue(step) else { return nil }
    let state = step - 1
    if let patience, let value = values[HeldOut.column] {
      // Below 0 the network has learned nothing that holds beyond the samples it saw.
      let found = max(value, 0)
      evaluationsSince += 1
      if found < leastHeldOut {
        leastHeldOut = found
        evaluationsSince = 0
        best.keep(state)
      }
      return evaluationsSince >= patience
        ? .inTime("the divergence from the held-out targets has not fallen since step \(best.step)", best: best.step)
        : nil
    }
    guard isAutomatic else { return nil }
    if let memory = values[Memory.column], memory >= memoryLimit, best.step > 0 || state > 1 {
      if best.step == 0 { best.keep(state) }
      return .inTime(
        "from here on particles come nearer to single targets than fresh samples would", best: best.step)
    }
    if trend.isPastMinimum {
      return .inTime("the divergence rises since step \(trend.lowestStep): the network fits noise", best: best.step)
    }
    if !trend.isRising || best.step == 0 { best.keep(state) }
    if trend.average < indistinguishable, trend.highest > 2 * indistinguishable {
      return .inTime("the target's samples can no longer be told from particles", best: state)
    }
    return nil
  }

  /// Brings the best state back.
  func bringBack() throws { try best?.bringBack() }

  func record(into snapshot: inout Snapshot) {
    snapshot.add("trend", trend.numbers)
    if let slowing { snapshot.add("slowing", slowing.numbers) }
    snapshot.add("by_chance", [byChance ?? .nan])
    snapshot.add("held_out", [leastHeldOut, Double(evaluationsSince)])
    if let best { snapshot.record("best", best) }
  }

  func restore(from snapshot: Snapshot) throws {
    trend = Trend(numbers: try snapshot.float64("trend"))
    if slowing != nil { slowing = Slowing(numbers: try snapshot.float64("slowing")) }
    byChance = try snapshot.float64("by_chance").first.flatMap { $0.isNaN ? nil : $0 }
    let values = try snapshot.float64("held_out")
    leastHeldOut = values[0]
    evaluationsSince = try snapshot.count("held_out", at: 1)
    if let best { try snapshot.restore("best", best) }
  }
}

extension StopReason {
  /// Going on only fits noise; the run ends with the state after the step `best`.
  static func inTime(_ why: String, best: Int) -> StopReason {
    StopReason(.finished, "finished in time: \(why); the state after step \(best) is kept", best: best)
  }
}

extension InTime {
  /// For a run that is set up.
  convenience init(_ setup: Setup, _ arrival: Arrival? = nil) {
    let stop = setup.deck.stop, isAsked = stop.automatic == true || stop.heldOut != nil
    self.init(
      stop, targets: setup.targets.rows, samples: setup.deck.source.isDrawn ? nil : setup.sets[0].count,
      best: isAsked ? BestState(of: setup.flows, [setup.network]) : nil,
      isNear: arrival.map { arrival in { try arrival.isNear() } })
  }
}
