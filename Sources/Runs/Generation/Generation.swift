import Discriminator
import MessagePassing
import Numerics
import Parameters
import Samples
import Storage

/// `gpa-mpi generate`: rows carried along the recorded flow of a run, shared among the ranks.
package enum Generation {
  /// Generates; the exit code of every rank. Collective. Errors of the input are thrown as an ``AgreedError``. `started` is
  /// when the job started, by ``monotonicSeconds()``.
  package static func run(
    _ path: String, _ options: GenerationOptions, started: Double, on communicator: Communicator
  ) throws -> Int32 {
    let run = try communicator.together {
      try RecordedRun(folder(of: options.label, in: path), until: options.until, threads: options.threads)
    }
    try communicator.requireSame(try communicator.together { try run.checksum() }, "the recorded flow")
    try communicator.together {
      guard options.label == nil || !run.classes.isEmpty || path != run.folder.path else {
        throw GenerationError.flowNeeded(folder: path, label: options.label, names: [])
      }
    }
    var images = try communicator.together { try GeneratedImages(options.images, of: run) }
    let start = try StartRows(run, options, on: communicator)
    let batch = options.batch ?? run.usualBatch
    try NodeMemory.require(
      onEachRank: Double(2 * run.bytes(rows: min(batch, start.count))), once: 0, for: "a batch of \(batch) rows",
      advice: "give a smaller --batch", on: communicator)
    let file = try GeneratedFile(
      options.output ?? run.folder.generated, rows: start.count, columns: run.dimension, transforms: run.transforms,
      names: run.columnNames,
      isDouble: !run.scale.fitsFloat32, arguments: try arguments(run, start, options), overwrites: options.overwrites,
      of: run.folder, on: communicator)
    let console = Console(isRoot: communicator.isRoot, isQuiet: options.isQuiet)
    say(run, start, options, batch: batch, file, on: communicator, to: console)

    var progress = GenerationProgress(console, after: file.rows, of: start.count), lost = 0
    while file.rows < start.count {
      let round = min(communicator.size * batch, start.count - file.rows), rank = communicator.rank
      let first = file.rows + round * rank / communicator.size, end = file.rows + round * (rank + 1) / communicator.size
      let rows = try start.table.rows(first..<end, in: run.scale, on: communicator)
      try communicator.together { try run.carry(rows, labels: start.labels(of: first..<end), on: communicator) }
      if !rows.isFinite { lost += (0..<rows.rows).count { !isFinite(rows, $0) } }
      try images?.take(
        rows, own: first..<end, of: file.rows..<file.rows + round, in: run.scale, on: communicator)
      try file.append(rows, in: run.scale)
      progress.report(file.rows)
    }
    try file.finish()
    let all = Int(try communicator.allReduce(Double(lost), .sum))
    if all > 0 {
      console.sayFailure(
        "warning: \(all) of these rows are not finite: they began where the flow was not trained, or far outside")
    }
    try communicator.onRoot { () throws -> Void in
      if let line = try images?.write() { console.say(line) }
    }
    progress.end(file.path, columns: run.dimension, seconds: monotonicSeconds() - started)
    return 0
  }

  /// The folder of a flow of a run: its own where there is one flow alone. Throws a ``GenerationError``.
  private static func folder(of label: String?, in path: String) throws -> String {
    let folder = RunFolder(path), hasFlows = RunFolder.isFile(folder.flows)
    let names = hasFlows ? try RunFileReader(folder.result).flowNames : []
    guard hasFlows else { return path }
    guard let label, let number = names.firstIndex(of: label) else {
      throw GenerationError.flowNeeded(folder: folder.path, label: label, names: names)
    }
    return folder.flows + "/" + RunPart.folderName(number, label)
  }

  private static func isFinite(_ rows: Matrix, _ row: Int) -> Bool {
    (0..<rows.columns).allSatisfy { rows[row, $0].isFinite }
  }

  /// What the rows follow from.
  private static func arguments(
    _ run: RecordedRun, _ start: StartRows, _ options: GenerationOptions
  ) throws -> [(name: String, value: String)] {
    [
      ("version", version), ("flow", "\(try run.checksum())"), ("until", "\(run.steps)"), ("count", "\(start.count)"),
      ("source", oneLine(start.summary, limit: 4096)), ("content of the source", start.content),
    ] + (run.classes.isEmpty ? [] : [("label", options.label ?? "")])
  }

  private static func say(
    _ run: RecordedRun, _ start: StartRows, _ options: GenerationOptions, batch: Int, _ file: GeneratedFile,
    on communicator: Communicator, to console: Console
  ) {
    console.say("gpa-mpi \(version): generate from \(run.folder.path)")
    console.say("  \(start.count) rows in \(run.dimension) dimensions: \(start.summary)")
    for note in start.notes { console.say("  note: \(oneLine(note, limit: 1000))") }
    if !run.flow.isWhole {
      console.say("  note: the run has not ended; its flow is recorded up to step \(run.flow.steps)")
    }
    console.say("  \(run.summary)")
    console.say(
      "  \(communicator.size) rank\(communicator.size == 1 ? "" : "s"), \(batch) rows a batch; to continue after any end: "
        + options.command)
    if file.rows > 0 { console.say("continued after row \(file.rows)") }
  }
}
