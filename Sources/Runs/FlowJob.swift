import MessagePassing
import Numerics
import Storage

/// One flow from its setup to its files in a folder, in a job of one or several.
struct FlowJob {
  /// The folder in which the file STOP is looked for.
  let stopFile: RunFolder
  var options: Job.Options
  /// When the job started.
  let started: Double
  let console: Console
  let watchdog: Watchdog?
  let communicator: Communicator
  /// What it is called, for people; empty for the only one.
  var title = ""
  /// Whether signals are caught already.
  var catchesSignals = true

  /// Runs or continues a flow; the reason of its end. With `log`, the console goes on in that file. Collective.
  func run(_ setup: Setup, in folder: RunFolder, _ entry: FolderEntry, log: String?) throws -> StopReason {
    let arrival = Arrival(setup), inTime = InTime(setup, arrival)
    let wallTime = try wallTime(setup.deck.stop.wallTime)
    let rules = stoppingRules(setup.deck, wallTime: wallTime)
    let state = RunState(setup, arrival: arrival, inTime: inTime, on: communicator)
    let checkpoints = Checkpoints(in: folder, of: .init(setup), on: communicator)
    try Agreement.requireSameData(setup)
    var warnings: [String] = []
    let loading = monotonicSeconds()
    let found = options.restarts ? try checkpoints.load(into: Snapshot(of: state)) { warnings.append($0) } : nil
    if let found { try communicator.together { try state.restore(from: found) } }
    let isContinued = found != nil
    try communicator.together { try entry.requireSteps(state.progress.step) }
    try entry.settle(isContinued: isContinued)
    let output = try Output(
      of: state, setup, in: folder, checkpoints: checkpoints, isContinued: isContinued,
      storingSeconds: monotonicSeconds() - loading)
    warnings += output.losses.map { "warning: \($0)" }
    if communicator.isRoot { for warning in warnings { StandardStream.error.write("gpa-mpi: \(warning)\n") } }
    warnings += Header.warnings(setup) + entry.warnings

    if let log, communicator.isRoot { console.openLog(log, appends: isContinued) }
    Header(setup: setup, title: title, output: folder.path, restartCommand: options.restartCommand).say(to: console)
    for warning in warnings { console.say(warning) }
    if setup.deck.stop.wallTime == .automatic {
      console.say(
        wallTime.map { "wall time: the job of Slurm ends \(Text.duration($0)) after its start here" }
          ?? "wall time: no job of Slurm that ends is found, so there is no limit")
    }
    if isContinued { console.say("continued after step \(state.progress.step)") }
    if catchesSignals {
      try Signals.catchAll(
        lastWords: "gpa-mpi: SIGTERM was received; to continue: \(options.restartCommand)\n", on: communicator)
    }
    try arrival.begin()
    if !isContinued {
      for flow in setup.flows { flow.align() }
      try inTime.begin(setup)
    }
    let stopFile = StopFile(stopFile, isRoot: communicator.isRoot)
    var run = Run(
      state: state, network: setup.network, metricsTime: setup.timings.phase("metrics"),
      outputTime: setup.timings.phase("output"), rules: rules,
      steps: setup.deck.transport.steps, output: output,
      table: ProgressTable(
        console: console, after: state.progress.step, steps: setup.deck.transport.steps, particles: setup.sets[0].count),
      watchdog: watchdog, arrival: arrival, inTime: inTime, range: setup.range,
      interruptions: Interruptions(started: started, stopFile: stopFile))
    let reason: StopReason, timing: [Timings.Summary], end: Ending?
    do {
      reason = try setup.timings.phase(Timings.total).measure { try run.run() }
      timing = try setup.timings.summary(on: communicator)
      try output.finish(timing: timing, reason)
      end = reason.status.exitCode == 0 ? try Ending(setup, arrival, state.structure) : nil
    } catch {
      throw RunFault(cause: error, restartCommand: options.restartCommand)
    }
    watchdog?.beat(step: state.progress.step)
    stopFile.remove()
    sayEnd(reason, TimeTable(timing, of: setup), folder: folder)
    for line in output.recording?.lines ?? [] { console.say(line) }
    if let end { for line in end.lines(arrival, inTime.trend) { console.say(line) } }
    return reason
  }

  /// The seconds from the start of the job after which it ends; nil: never. Collective.
  private func wallTime(_ limit: TimeLimit?) throws -> Double? {
    switch limit {
    case nil: return nil
    case .seconds(let seconds): return seconds
    case .automatic:
      // What ends a job begins some seconds early.
      let seconds = try communicator.onRoot {
        BatchJob.secondsLeft().map { $0 + (monotonicSeconds() - started) - 10 } ?? .infinity
      }
      return seconds.isFinite ? seconds : nil
    }
  }

  private func sayEnd(_ reason: StopReason, _ times: TimeTable, folder: RunFolder) {
    console.say()
    for line in times.lines { console.say(line) }
    console.say()
    let say = reason.status.exitCode == 0 ? console.say : console.sayFailure
    say(reason.sentence)
    if reason.status == .interrupted { say("to continue: \(options.restartCommand)") }
    console.say("result: \(folder.result) (HDF5), figures by step: \(folder.metrics)")
  }
}
