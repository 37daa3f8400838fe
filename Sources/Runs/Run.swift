import Discriminator
import Flows
import MessagePassing
import Numerics
import Storage

/// A run: Algorithm 1 of the paper, step after step until a reason to stop.
struct Run {
  let state: RunState
  let network: Network
  let metricsTime: Timings.Phase
  let outputTime: Timings.Phase
  let rules: [any StoppingRule]
  let steps: Int
  let output: Output
  let table: ProgressTable
  let watchdog: Watchdog?
  let arrival: Arrival
  let inTime: InTime
  /// How far from the target's centre a particle is lost, in the data's unit; nil where nothing is too far.
  let range: Double?
  var interruptions: Interruptions

  /// Makes the steps that are left. Collective.
  mutating func run() throws -> StopReason {
    let progress = state.progress
    table.begin()
    watchdog?.beat(step: progress.step)
    interruptions.begin(after: progress.step)
    while progress.step < steps {
      let step = progress.step + 1
      let lastGood = Snapshot(of: network)
      let values: [Double], circumstances: Circumstances
      do {
        // Train phi and evaluate the velocity -grad phi at every stage, then measure the step; nothing has moved yet.
        try state.propose(step)
        let measured = try metricsTime.measure {
          try state.measure(maximaOf: interruptions.numbers(step: step, storingSeconds: output.storingSeconds))
        }
        values = measured.values
        circumstances = Circumstances(measured.maxima)
      } catch let failure as StepFailure {
        try network.restore(from: lastGood)
        return .diverged(failure.description, step: step)
      }
      let numbers = Dictionary(zip(state.columns, values)) { first, _ in first }
      if let range, let farthest = numbers[Farthest.column], farthest > range {
        try network.restore(from: lastGood)
        return .diverged(
          "a particle is \(Text.short(farthest)) away from the target's centre, beyond 100 of its diameters,",
          step: step)
      }
      let late = try inTime.judge(step, numbers)
      state.move()
      let row = MetricsRow(step: step, time: progress.time, columns: state.columns, values: values)
      let reason = try reason(row, circumstances) ?? late
      if reason?.best != nil { try inTime.bringBack() }
      try outputTime.measure {
        try output.store(row, reason)
        table.report(row, isLast: reason != nil)
      }
      watchdog?.beat(step: step)
      if let reason { return reason }
    }
    return .finished(progress.step)
  }

  /// The reason of the first rule that is met and holds without the trained network, too. Collective.
  private func reason(_ row: MetricsRow, _ circumstances: Circumstances) throws -> StopReason? {
    for rule in rules {
      guard let reason = rule.reason(row, circumstances) else { continue }
      guard case .fails(let words) = try arrival.judge(reason, at: row.step) else { return reason }
      if let words { table.say(words) }
    }
    return nil
  }
}
