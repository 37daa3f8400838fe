import MessagePassing
import Storage

/// The files of a run as it goes on: result file, metrics and checkpoints, in the run folder.
final class RunRecord {
  private let assembly: RunAssembly
  private let checkpoints: CheckpointFiles
  private let file: RunFile
  private let metrics: MetricsFile?
  private var all: [MetricsRow]
  private var waiting: [MetricsRow] = []
  private var checkpointStep: Int
  /// The seconds that this rank spent on the last checkpoint; before the first, on the first frame, or on reading the
  /// checkpoint that the run goes on from.
  private(set) var storingSeconds: Double
  /// Whether the result file had to be made anew, as the one of the run could not be read.
  private(set) var hasLostFrames = false

  /// Makes the folder and its files, with the frame of step 0; or continues them after a checkpoint, which was read in
  /// `storingSeconds`. Collective.
  init(
    _ assembly: RunAssembly, checkpoints: CheckpointFiles, after checkpoint: Checkpoint?, storingSeconds: Double
  ) throws {
    self.storingSeconds = storingSeconds
    self.assembly = assembly
    self.checkpoints = checkpoints
    all = checkpoint?.metrics ?? []
    checkpointStep = checkpoint?.step ?? 0
    let communicator = assembly.communicator, folder = checkpoints.folder
    metrics = try communicator.together {
      guard communicator.isRoot else { return nil }
      folder.tidy()
      if let checkpoint { return try MetricsFile(continuing: folder.metrics, after: checkpoint.metrics) }
      try folder.prepare()
      return try MetricsFile(creating: folder.metrics)
    }
    let targets = assembly.targetSet
    let description = RunDescription(
      deck: checkpoints.deckText, version: version, ranks: communicator.size, nodes: assembly.nodes,
      seed: assembly.deck.seed)
    let begin = monotonicSeconds()
    if let checkpoint {
      let resumed = try? RunFile.resume(
        folder.result, on: communicator, description: description, particles: assembly.particles.blocks.rows,
        dimension: targets.dimension, generated: assembly.generated?.blocks.rows, after: checkpoint.step)
      if let resumed {
        file = resumed
        try file.append(metrics: Array(all.dropFirst(file.metricsRows)))
        return
      }
    }
    let rank = communicator.rank, size = communicator.size
    let share = rank * targets.count / size..<(rank + 1) * targets.count / size
    file = try RunFile.create(
      folder.result, on: communicator, description: description, particles: assembly.particles.blocks.rows,
      dimension: targets.dimension, generated: assembly.generated?.blocks.rows, targets: targets.count,
      target: targets.rows.row(share.lowerBound), targetRows: share,
      weights: assembly.network.arrays(of: assembly.network.snapshot()))
    if checkpoint == nil {
      try storeFrame(step: 0)
    } else {
      hasLostFrames = true
      try file.append(metrics: all)
    }
    self.storingSeconds = monotonicSeconds() - begin
  }

  /// Notes a step's figures, at once in metrics.csv.
  func note(_ row: MetricsRow) throws {
    waiting.append(row)
    if assembly.communicator.isRoot { all.append(row) }
    try metrics?.append(row)
  }

  /// Stores the particles and the figures since the last frame. Collective.
  func storeFrame(step: Int) throws {
    guard step != file.lastFrame else { return }
    try storeMetrics()
    try file.appendFrame(
      step: step, particles: assembly.ensemble.particles.elements, rows: assembly.particles.rows)
  }

  /// Stores a checkpoint of a step, after all that the result file has to hold by then. Collective.
  func storeCheckpoint(step: Int, time: Double) throws {
    guard step != checkpointStep else { return }
    let begin = monotonicSeconds()
    try storeMetrics()
    try checkpoints.write(Checkpoint(step: step, time: time, metrics: all))
    checkpointStep = step
    storingSeconds = monotonicSeconds() - begin
  }

  private func storeMetrics() throws {
    try file.append(metrics: waiting)
    waiting.removeAll()
  }

  /// Stores the final state. Collective.
  func finish(step: Int, parameters: [Float], timing: [Timings.Summary], status: RunStatus) throws {
    // The state in which a run was interrupted is no frame of the whole run.
    if status != .interrupted { try storeFrame(step: step) }
    try storeMetrics()
    try file.finish(
      particles: assembly.ensemble.particles.elements, rows: assembly.particles.rows,
      generated: assembly.ensemble.generated.map { UnsafePointer($0.elements) },
      generatedRows: assembly.generated?.rows ?? 0..<0, weights: assembly.network.arrays(of: parameters),
      timing: timing, status: status)
  }
}
