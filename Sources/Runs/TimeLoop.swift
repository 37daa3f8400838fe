import Deck
import Discriminator
import MessagePassing
import Storage

/// The time loop of a run: step after step until a reason to stop.
struct TimeLoop {
  let assembly: RunAssembly
  let record: RunRecord
  let console: Console
  let started: Double
  let watchdog: Watchdog?
  private(set) var stopFile: StopFile

  /// How the loop ended: the reason, the last step made, and the network of that step.
  struct End {
    var reason: StopReason
    var step: Int
    var parameters: [Float]
  }

  init(
    assembly: RunAssembly, record: RunRecord, console: Console, folder: RunFolder, started: Double, watchdog: Watchdog?
  ) {
    self.assembly = assembly
    self.record = record
    self.console = console
    self.started = started
    self.watchdog = watchdog
    stopFile = StopFile(folder, isRoot: assembly.communicator.isRoot)
  }

  /// Makes the steps after a checkpoint, or all. Collective.
  mutating func run(after checkpoint: Checkpoint?) throws -> End {
    let deck = assembly.deck, transport = deck.transport, timings = assembly.timings
    var step = checkpoint?.step ?? 0, time = checkpoint?.time ?? 0
    let table = ProgressTable(
      console: console, after: step, steps: transport.steps, particles: assembly.particles.blocks.rows)
    table.begin()
    let begin = monotonicSeconds(), first = step
    watchdog?.beat(step: step)
    while step < transport.steps {
      step += 1
      let lastGood = assembly.network.snapshot()
      let timeStep = assembly.scales.timeStep * transport.schedule.factor(step: step, of: transport.steps)
      let motion: Motion.Reading
      do {
        assembly.field.beginStep()
        try assembly.integrator.evaluate(assembly.field, timeStep: timeStep)
        motion = try readMotion(secondsPerStep: (monotonicSeconds() - begin) / Double(step - first), timeStep: timeStep)
      } catch let error as NonFinite {
        return End(reason: .notFinite(error.description, step: step), step: step - 1, parameters: lastGood)
      }
      assembly.integrator.move(timeStep: timeStep)
      time += timeStep
      let divergence = assembly.field.divergences.first ?? .nan
      let row = MetricsRow(
        step: step, time: time, divergence: divergence, fisherInformation: motion.fisherInformation,
        maximumSpeed: motion.maximumSpeed)
      let reason = StopReason.after(
        step: step, of: transport.steps, divergence: divergence, motion: motion, deck.stop)
      try timings.measure(.output) {
        try store(row, reason)
        table.report(row, isLast: reason != nil)
      }
      watchdog?.beat(step: step)
      if let reason { return End(reason: reason, step: step, parameters: assembly.network.snapshot()) }
    }
    return End(reason: .allSteps(step), step: step, parameters: assembly.network.snapshot())
  }

  private mutating func readMotion(secondsPerStep: Double, timeStep: Double) throws -> Motion.Reading {
    // A checkpoint and the final state, each as long as the last checkpoint.
    try assembly.motion.read(
      assembly.integrator.velocity, leadsToFinite: assembly.integrator.leadsToFinite(timeStep: timeStep),
      elapsed: monotonicSeconds() - started,
      reserve: secondsPerStep + 2 * record.storingSeconds,
      request: Signals.request ?? (stopFile.isThere() ? .file : nil))
  }

  private func store(_ row: MetricsRow, _ reason: StopReason?) throws {
    let output = assembly.deck.output, every = assembly.deck.checkpoint.every
    try record.note(row)
    let isInterrupted = reason?.status == .interrupted, isEnd = reason != nil && !isInterrupted
    if isEnd || (output.framesEvery > 0 && row.step % output.framesEvery == 0) {
      try record.storeFrame(step: row.step)
    }
    if isInterrupted || (!isEnd && every > 0 && row.step % every == 0) {
      try record.storeCheckpoint(step: row.step, time: row.time)
    }
  }
}
