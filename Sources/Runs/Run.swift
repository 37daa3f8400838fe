import Deck
import Discriminator
import MessagePassing
import Numerics
import Storage

/// A run: Algorithm 1 of the paper, from a deck to a result file.
package struct Run {
  /// How the command line changes a run.
  package struct Options: Sendable {
    /// The run folder in the place of the deck's, relative to the current folder.
    package var output: String?
    /// Whether a finished run in the folder may be replaced.
    package var overwrites = false
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
    let place =
      options.output
      ?? (deck.output.directory.hasPrefix("/") || folder.isEmpty
        ? deck.output.directory : folder + "/" + deck.output.directory)
    let runFolder = RunFolder(place)
    if options.restarts, let status = try finalStatus(of: runFolder, deck, on: communicator) {
      if communicator.isRoot, !options.isQuiet {
        StandardStream.output.write("the run in '\(runFolder.path)' is over already (\(status)): nothing is changed\n")
      }
      return StopReason.exitCode(of: status)
    }
    try communicator.together {
      guard communicator.isRoot else { return }
      // A half-made run.h5 is that of a run killed while it wrote, and is made anew; a run that goes on is kept.
      let isKept = options.restarts && (runFolder.isHalfMade || runFolder.hasCheckpoint)
      try runFolder.check(overwrite: options.overwrites || isKept)
    }
    let watchdog = try Watchdog.start(
      seconds: options.watchdog, folder: runFolder, restartCommand: options.restartCommand, on: communicator)
    let assembly = try RunAssembly(deck, folder: folder, threads: options.threads, on: communicator)
    let timings = assembly.timings, console = Console(isRoot: communicator.isRoot, isQuiet: options.isQuiet)
    let files = try CheckpointFiles(folder: runFolder, assembly: assembly)
    try assembly.requireSameData(deckText: files.deckText)
    var warnings: [String] = []
    let loading = monotonicSeconds()
    let checkpoint = options.restarts ? try files.load { warnings.append($0) } : nil
    if communicator.isRoot { for warning in warnings { StandardStream.error.write("gpa-mpi: \(warning)\n") } }
    let record = try RunRecord(
      assembly, checkpoints: files, after: checkpoint, storingSeconds: monotonicSeconds() - loading)
    if options.threads > ThreadTeam.cores {
      warnings.append(
        "warning: the \(options.threads) threads of a rank share \(ThreadTeam.cores) core\(ThreadTeam.cores == 1 ? "" : "s");"
          + " mpirun --map-by slot:PE=\(options.threads) gives each its own")
    }
    if record.hasLostFrames {
      warnings.append("warning: run.h5 could not be read and is made anew, without older frames")
    }
    if communicator.isRoot { console.openLog(runFolder.log, appends: checkpoint != nil) }
    assembly.sayHeader(to: console, output: runFolder.path, restartCommand: options.restartCommand)
    for warning in warnings { console.say(warning) }
    if let checkpoint { console.say("continued after step \(checkpoint.step)") }
    try Signals.catchAll(
      lastWords: "gpa-mpi: SIGTERM was received; to continue: \(options.restartCommand)\n", on: communicator)
    var loop = TimeLoop(
      assembly: assembly, record: record, console: console, folder: runFolder, started: started, watchdog: watchdog)
    let end: TimeLoop.End, timing: [Timings.Summary]
    do {
      end = try timings.measure(.total) { try loop.run(after: checkpoint) }
      timing = try timings.summary(on: communicator)
      try record.finish(step: end.step, parameters: end.parameters, timing: timing, status: end.reason.status)
    } catch {
      throw RunFault(cause: error, restartCommand: options.restartCommand)
    }
    watchdog?.beat(step: end.step)
    loop.stopFile.remove()
    console.say()
    ProgressTable.breakdown(timing, to: console)
    console.say()
    let say = end.reason.exitCode == 0 ? console.say : console.sayFailure
    say(end.reason.sentence)
    if end.reason.status == .interrupted { say("to continue: \(options.restartCommand)") }
    console.say("result: \(runFolder.result) (HDF5), figures by step: \(runFolder.metrics)")
    return end.reason.exitCode
  }

  /// The status of a run that is over; nil where something is left to do: also where a run met its end and the deck now
  /// asks for more, if there is a checkpoint to go on from. Collective.
  private static func finalStatus(of folder: RunFolder, _ deck: Deck, on communicator: Communicator) throws
    -> RunStatus?
  {
    let text = try communicator.onRoot { () throws -> String in
      guard let status = folder.status, status.isFinal else { return "" }
      guard status != .diverged, folder.hasCheckpoint, let last = folder.lastMetrics else { return status.rawValue }
      return StopReason.isEnd(last, of: deck.transport.steps, deck.stop) ? status.rawValue : ""
    }
    return RunStatus(rawValue: text)
  }
}
