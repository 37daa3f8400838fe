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
    let runFolder = RunFolder(place(deck, options.output))
    let entry = FolderEntry(runFolder, deck, options, on: communicator)
    defer { entry.leave() }
    if let status = try entry.enter() {
      try requireSameInput(deck, folder: folder, of: runFolder, on: communicator)
      if communicator.isRoot, !options.isQuiet {
        StandardStream.output.write("the run in '\(runFolder.path)' is over already (\(status)): nothing is changed\n")
      }
      if status.exitCode == 0 { try completeTables(deck, folder: folder, of: runFolder, on: communicator) }
      return status.exitCode
    }
    let deck = try options.restarts ? Recording.continued(deck, in: runFolder, on: communicator) : deck
    let watchdog = try Watchdog.start(
      seconds: options.watchdog, folder: runFolder, restartCommand: options.restartCommand, on: communicator)
    let data = try OpenData(deck, folder: folder, on: communicator), parts = RunPart.all(of: data, deck)
    let tables = communicator.isRoot ? ResultTables(data, deck, folder: folder) : nil
    let console = Console(isRoot: communicator.isRoot, isQuiet: options.isQuiet)
    let job = FlowJob(
      stopFile: runFolder, options: options, started: started, console: console, watchdog: watchdog,
      communicator: communicator)
    func setup(_ part: RunPart) throws -> Setup {
      try Setup(part.deck, of: part.data, folder: folder, threads: options.threads, on: communicator)
    }
    let code =
      parts.count == 1
      ? try job.run(setup(parts[0]), in: runFolder, entry, log: runFolder.log).status.exitCode
      : try PartedJob(deck: deck, data: data, parts: parts.map { ($0, try setup($0)) }, folder: runFolder, job: job)
        .run(entry)
    guard code == 0 else {
      return code == RunStatus.interrupted.exitCode ? Int32(deck.stop.exitCode) : code
    }
    try communicator.onRoot { () throws -> Void in
      for line in try tables?.write(in: runFolder) ?? [] { console.say(line) }
    }
    return code
  }

  /// Makes those tables of moved rows that a job did not come to any more, as far as the input can still be read. Collective.
  private static func completeTables(
    _ deck: Deck, folder: String, of runFolder: RunFolder, on communicator: Communicator
  ) throws {
    guard let data = try? OpenData(deck, folder: folder, on: communicator) else { return }
    try communicator.onRoot { () throws -> Void in
      let tables = ResultTables(data, deck, folder: folder)
      guard tables.lacks(in: runFolder) else { return }
      for line in try tables.write(in: runFolder) { StandardStream.output.write(line + "\n") }
    }
  }

  /// The path of the run folder, relative to the working directory: that of the command line, or the deck's.
  static func place(_ deck: Deck, _ output: String?) -> String { output ?? deck.output.directory }

  /// Throws where a run that is over is none of this deck and its samples, as far as they can still be read. Collective.
  private static func requireSameInput(
    _ deck: Deck, folder: String, of runFolder: RunFolder, on communicator: Communicator
  ) throws {
    let setup: Setup
    do {
      let data = try OpenData(deck, folder: folder, on: communicator), parts = RunPart.all(of: data, deck)
      guard parts.count == 1 else { return }
      setup = try Setup(parts[0].deck, of: parts[0].data, folder: folder, on: communicator)
    } catch is AgreedError { return }
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
