import Flows
import MessagePassing
import Numerics
import Storage
import Transport

/// The files of a run as it goes on, and what is stored in them when: result file, metrics and checkpoints, in the run
/// folder.
final class Output {
  private let state: RunState
  private let setup: Setup
  private let checkpoints: Checkpoints
  private let file: RunFile
  private let metrics: MetricsFile?
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
    of state: RunState, _ setup: Setup, in folder: RunFolder, checkpoints: Checkpoints, isContinued: Bool,
    storingSeconds: Double
  ) throws {
    self.state = state
    self.setup = setup
    self.checkpoints = checkpoints
    self.storingSeconds = storingSeconds
    checkpointStep = state.progress.step
    let communicator = setup.communicator, table = state.metrics
    metrics = try communicator.together {
      guard communicator.isRoot else { return nil }
      folder.tidy()
      if isContinued { return try MetricsFile(continuing: folder.metrics, after: table) }
      try folder.prepare()
      return try MetricsFile(creating: folder.metrics, of: table)
    }
    let description = RunDescription(
      deck: setup.deck.text, version: version, ranks: communicator.size, nodes: setup.nodes, seed: setup.deck.seed)
    let lengths = RunFile.Lengths(
      particles: setup.sets[0].count, generated: setup.sets.dropFirst().first?.count, targets: setup.targets.rows,
      dimension: setup.targets.columns, columns: table.columns, phases: setup.timings.names, scale: setup.scale)
    let begin = monotonicSeconds()
    let resumed =
      isContinued
      ? try? RunFile.resume(
        folder.result, on: communicator, description: description, lengths: lengths, after: checkpointStep) : nil
    defer { setup.originalTargets.drop() }
    if let resumed {
      file = resumed
      try file.append(metrics: Array(table.rows.dropFirst(file.metricsRows)))
      return
    }
    let (target, targetScale) = try Self.target(of: setup)
    file = try RunFile.create(
      folder.result, on: communicator, description: description, lengths: lengths, target: target, in: targetScale,
      names: setup.names, weights: setup.network.arrays(of: setup.network.parameters),
      phi: setup.network.phiArrays(in: setup.scale))
    if isContinued {
      hasLostFrames = true
      try file.append(metrics: table.rows)
    } else {
      try storeFrame(step: 0)
    }
    self.storingSeconds = monotonicSeconds() - begin
  }

  /// Stores what is due after a step. Collective.
  func store(_ row: MetricsRow, _ reason: StopReason?) throws {
    let frames = setup.deck.output.framesEvery, every = setup.deck.checkpoint.every
    let isInterrupted = reason?.status == .interrupted, isEnd = reason != nil && !isInterrupted
    waiting.append(row)
    state.metrics.append(row)
    try metrics?.append(row)
    if isEnd || (frames > 0 && row.step % frames == 0) { try storeFrame(step: row.step) }
    if isInterrupted || (!isEnd && every > 0 && row.step % every == 0) { try storeCheckpoint(step: row.step) }
  }

  /// Stores the final state. Collective.
  func finish(timing: [Timings.Summary], status: RunStatus) throws {
    // The state in which a run was interrupted is no frame of the whole run.
    if status != .interrupted { try storeFrame(step: state.progress.step) }
    try storeMetrics()
    let network = setup.network
    try file.finish(
      sets: setup.sets.map(Self.rows), weights: network.arrays(of: network.parameters),
      phi: network.phiArrays(in: setup.scale),
      timing: timing, status: status)
  }

  /// Stores the particles and the numbers since the last frame.
  private func storeFrame(step: Int) throws {
    guard step != file.lastFrame else { return }
    try storeMetrics()
    try file.appendFrame(step: step, particles: Self.rows(of: setup.sets[0]))
  }

  /// Stores a checkpoint of a step, after all that the result file has to hold by then.
  private func storeCheckpoint(step: Int) throws {
    guard step != checkpointStep else { return }
    let begin = monotonicSeconds()
    try storeMetrics()
    try Agreement.requireSameState(setup, step: step)
    try checkpoints.write(Snapshot(of: state))
    checkpointStep = step
    storingSeconds = monotonicSeconds() - begin
  }

  private func storeMetrics() throws {
    try file.append(metrics: waiting)
    waiting.removeAll()
  }

  private static func rows(of set: ParticleSet) -> Snapshot.Rows {
    Snapshot.Rows(set.name, set.positions, own: set.rows.rows, of: set.count)
  }

  /// The target, of which this rank writes an equal part, and the scale it is in: bit for bit as it was read, where
  /// float32 holds that. Collective.
  private static func target(of setup: Setup) throws -> (Snapshot.Rows, CommonScale) {
    let all = setup.targets, rank = setup.communicator.rank, size = setup.communicator.size
    let own = rank * all.rows / size..<(rank + 1) * all.rows / size
    if !setup.scale.isNone, setup.scale.fitsFloat32,
      let part = try setup.originalTargets.take(own, on: setup.communicator)
    {
      return (Snapshot.Rows("target", part, own: own, of: all.rows), .none(dimension: all.columns))
    }
    let part = Matrix(viewing: all.row(own.lowerBound), rows: own.count, columns: all.columns, owner: all)
    return (Snapshot.Rows("target", part, own: own, of: all.rows), setup.scale)
  }
}
