import Deck
import Discriminator
import MessagePassing
import RunFile

/// A run: Algorithm 1 of the paper, from a deck to a result file.
public struct Run {
  /// How the command line changes a run.
  public struct Options: Sendable {
    /// The run folder in the place of the deck's, relative to the current folder.
    public var output: String?
    /// Whether a finished run in the folder may be replaced.
    public var overwrites = false
    /// Whether only errors are printed.
    public var isQuiet = false

    /// The deck as it is.
    public init() {}
  }

  /// Runs a deck whose relative paths start in `folder`; the exit code of every rank. Collective.
  ///
  /// Errors of the input are thrown as an ``AgreedError`` before anything is created. `started` is when the job started,
  /// by ``monotonicSeconds()``; the wall time counts from there.
  public static func run(
    _ deck: Deck, folder: String, options: Options, started: Double, on communicator: Communicator
  ) throws -> Int32 {
    let place = options.output ?? (deck.output.directory.hasPrefix("/") || folder.isEmpty
      ? deck.output.directory : folder + "/" + deck.output.directory)
    let runFolder = RunFolder(place)
    try communicator.together { if communicator.isRoot { try runFolder.check(overwrite: options.overwrites) } }
    let assembly = try RunAssembly(deck, folder: folder, on: communicator)
    let timings = assembly.timings
    let record = try RunRecord(assembly, folder: runFolder, deckText: try deck.text())
    let console = Console(isRoot: communicator.isRoot, isQuiet: options.isQuiet)
    if communicator.isRoot { console.openLog(runFolder.log) }
    assembly.sayHeader(to: console, output: runFolder.path)
    let (reason, step, parameters) = try timings.measure(.total) {
      try loop(assembly, record, console, started: started)
    }
    let timing = try timings.summary(on: communicator)
    try record.finish(step: step, parameters: parameters, timing: timing, status: reason.status)
    console.say()
    ProgressTable.breakdown(timing, to: console)
    console.say()
    console.say(reason.sentence)
    console.say("result: \(runFolder.result) (HDF5), figures by step: \(runFolder.metrics)")
    return reason.exitCode
  }

  /// The time loop. The reason of its end, the last step made, and the network of that step.
  private static func loop(
    _ assembly: RunAssembly, _ record: RunRecord, _ console: Console, started: Double
  ) throws -> (StopReason, step: Int, parameters: [Float]) {
    let deck = assembly.deck, transport = deck.transport, timings = assembly.timings
    let table = ProgressTable(console: console, steps: transport.steps, particles: assembly.particles.blocks.rows)
    table.begin()
    let begin = monotonicSeconds()
    var time = 0.0
    for step in 1...transport.steps {
      let lastGood = assembly.network.snapshot()
      let timeStep = transport.timeStep * transport.schedule.factor(step: step, of: transport.steps)
      let motion: Motion.Reading
      do {
        assembly.field.beginStep()
        try assembly.integrator.evaluate(assembly.field, timeStep: timeStep)
        motion = try assembly.motion.read(assembly.integrator.velocity, elapsed: monotonicSeconds() - started)
      } catch let error as NotFinite {
        return (.notFinite(error.description, step: step), step - 1, lastGood)
      }
      assembly.integrator.move(timeStep: timeStep)
      time += timeStep
      let divergence = assembly.field.divergences.first ?? .nan
      let row = MetricsRow(
        step: step, time: time, divergence: divergence, fisherInformation: motion.fisherInformation,
        maximumSpeed: motion.maximumSpeed)
      let reason = StopReason.after(
        step: step, of: transport.steps, divergence: divergence, motion: motion,
        secondsPerStep: (motion.elapsed + started - begin) / Double(step), deck.stop)
      try timings.measure(.output) {
        try record.note(row)
        if reason != nil || (deck.output.framesEvery > 0 && step % deck.output.framesEvery == 0) {
          try record.storeFrame(step: step)
        }
        table.report(row, isLast: reason != nil)
      }
      if let reason { return (reason, step, assembly.network.snapshot()) }
    }
    return (.allSteps(transport.steps), transport.steps, assembly.network.snapshot())
  }
}
