import MessagePassing
import Numerics
import Storage

/// A run as a job: from a deck and the words of the command line to the files in a run folder.
package enum Job {
  /// How the command line changes a run.
  package struct Options: Sendable {
    /// The run folder in the place of the deck's, relative to the current folder.
    package var output: String?
    /// Whether a run in the folder may be replaced.
    package var overwrites = false
    /// Whether a run of the same deck in the folder may be replaced.
    package var replacesItself = false
    /// Whether the run in the folder is continued from its newest checkpoint, where there is one.
    package var restarts = false
    /// The seconds without a completed step after which the job is ended; nil: it is not watched.
    package var watchdog: Double?
    /// The command that continues the run, for people.
    package var restartCommand = "gpa-mpi --restart"
    /// The threads of every rank.
    package var threads = 1
    /// Whether only errors are printed.
    package var isQuiet = false

    /// The deck as it is.
    package init() {}
  }

  /// Runs a deck whose relative paths start in `folder`; the exit code of every rank. Collective.
  ///
  /// Errors of the input are thrown as an ``AgreedError`` before anything is created. `started` is when the job started,
  /// by ``monotonicSeconds()``; the wall time counts from there.
  package static func run(
    _ deck: Deck, folder: String, options: Options, started: Double, on communicator: Communicator
  ) throws -> Int32 {
    let runFolder = RunFolder(place(deck, folder, options.output)), rules = stoppingRules(deck)
    let entry = FolderEntry(runFolder, deck, options, on: communicator)
    defer { entry.leave() }
    if let status = try entry.enter() {
      try requireSameInput(deck, folder: folder, of: runFolder, on: communicator)
      if communicator.isRoot, !options.isQuiet {
        StandardStream.output.write("the run in '\(runFolder.path)' is over already (\(status)): nothing is changed\n")
      }
      return status.exitCode
    }
    let watchdog = try Watchdog.start(
      seconds: options.watchdog, folder: runFolder, restartCommand: options.restartCommand, on: communicator)
    let setup = try Setup(deck, folder: folder, threads: options.threads, on: communicator)
    let arrival = Arrival(setup)
    let state = RunState(setup.flows, in: setup.scale, arrival: arrival, on: communicator)
    let checkpoints = Checkpoints(in: runFolder, of: .init(setup), on: communicator)
    try Agreement.requireSameData(setup)
    var warnings: [String] = []
    let loading = monotonicSeconds()
    let found = options.restarts ? try checkpoints.load(into: Snapshot(of: state)) { warnings.append($0) } : nil
    if let found { try communicator.together { try state.restore(from: found) } }
    let isContinued = found != nil
    try communicator.together { try entry.requireSteps(state.progress.step) }
    try entry.settle(isContinued: isContinued)
    let output = try Output(
      of: state, setup, in: runFolder, checkpoints: checkpoints, isContinued: isContinued,
      storingSeconds: monotonicSeconds() - loading)
    warnings += output.losses.map { "warning: \($0)" }
    if communicator.isRoot { for warning in warnings { StandardStream.error.write("gpa-mpi: \(warning)\n") } }
    warnings += Header.warnings(setup) + entry.warnings

    let console = Console(isRoot: communicator.isRoot, isQuiet: options.isQuiet)
    if communicator.isRoot { console.openLog(runFolder.log, appends: isContinued) }
    Header(setup: setup, output: runFolder.path, restartCommand: options.restartCommand).say(to: console)
    for warning in warnings { console.say(warning) }
    if isContinued { console.say("continued after step \(state.progress.step)") }
    try Signals.catchAll(
      lastWords: "gpa-mpi: SIGTERM was received; to continue: \(options.restartCommand)\n", on: communicator)
    try arrival.begin()
    let stopFile = StopFile(runFolder, isRoot: communicator.isRoot)
    var run = Run(
      state: state, network: setup.network, outputTime: setup.timings.phase("output"), rules: rules,
      steps: setup.deck.transport.steps, output: output,
      table: ProgressTable(
        console: console, after: state.progress.step, steps: setup.deck.transport.steps, particles: setup.sets[0].count),
      watchdog: watchdog, arrival: arrival, interruptions: Interruptions(started: started, stopFile: stopFile))
    let reason: StopReason, timing: [Timings.Summary], end: Witness?
    do {
      reason = try setup.timings.phase("total").measure { try run.run() }
      timing = try setup.timings.summary(on: communicator)
      try output.finish(timing: timing, status: reason.status)
      end = reason.status.exitCode == 0 ? try arrival.look() : nil
    } catch {
      throw RunFault(cause: error, restartCommand: options.restartCommand)
    }
    watchdog?.beat(step: state.progress.step)
    stopFile.remove()
    sayEnd(reason, timing, folder: runFolder, restartCommand: options.restartCommand, to: console)
    if let end { for line in arrival.lines(of: end) { console.say(line) } }
    return reason.status.exitCode
  }

  /// The path of the run folder: that of the command line, or the deck's.
  static func place(_ deck: Deck, _ folder: String, _ output: String?) -> String {
    if let output { return output }
    let directory = deck.output.directory
    return directory.hasPrefix("/") || folder.isEmpty ? directory : folder + "/" + directory
  }

  private static func sayEnd(
    _ reason: StopReason, _ timing: [Timings.Summary], folder: RunFolder, restartCommand: String, to console: Console
  ) {
    console.say()
    ProgressTable.breakdown(timing, to: console)
    console.say()
    let say = reason.status.exitCode == 0 ? console.say : console.sayFailure
    say(reason.sentence)
    if reason.status == .interrupted { say("to continue: \(restartCommand)") }
    console.say("result: \(folder.result) (HDF5), figures by step: \(folder.metrics)")
  }

  /// Throws where a run that is over is none of this deck and its samples, as far as they can still be read. Collective.
  private static func requireSameInput(
    _ deck: Deck, folder: String, of runFolder: RunFolder, on communicator: Communicator
  ) throws {
    let setup: Setup
    do { setup = try Setup(deck, folder: folder, on: communicator) } catch is AgreedError { return }
    try communicator.onRoot { () throws -> Void in
      guard let stored = runFolder.storedRun else { return }
      let keys = try setup.deck.keysThatDiffer(from: stored)
      guard keys.isEmpty else { throw CheckpointError.deckChanged(file: runFolder.result, keys: keys) }
    }
    let state = RunState(setup.flows, on: communicator)
    try Checkpoints(in: runFolder, of: .init(setup), on: communicator).requireSameRun(Snapshot(of: state))
  }
}

/// An error after the first step began, with the way on.
package struct RunFault: Error, CustomStringConvertible {
  /// What happened.
  package let cause: any Error
  /// The command that continues the run.
  package let restartCommand: String
  /// Both, for people.
  package var description: String { "\(cause)\nto continue: \(restartCommand)" }
}
