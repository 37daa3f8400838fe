import Discriminator
import Flows
import MessagePassing
import Numerics
import Storage

/// A run: Algorithm 1 of the paper, step after step until a reason to stop.
struct Run {
  let state: RunState
  let network: Network
  let outputTime: Timings.Phase
  let rules: [any StoppingRule]
  let steps: Int
  let output: Output
  let table: ProgressTable
  let watchdog: Watchdog?
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
        let measured = try state.measure(
          maximaOf: interruptions.numbers(step: step, storingSeconds: output.storingSeconds))
        values = measured.values
        circumstances = Circumstances(measured.maxima)
      } catch let failure as StepFailure {
        try network.restore(from: lastGood)
        return .diverged(failure.description, step: step)
      }
      state.move()
      let row = MetricsRow(step: step, time: progress.time, columns: state.columns, values: values)
      let reason = rules.lazy.compactMap { $0.reason(row, circumstances) }.first
      try outputTime.measure {
        try output.store(row, reason)
        table.report(row, isLast: reason != nil)
      }
      watchdog?.beat(step: step)
      if let reason { return reason }
    }
    return .finished(progress.step)
  }
}
