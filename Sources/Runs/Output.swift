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
  /// The recorded flow; nil: none is recorded.
  let recording: Recording?
  private var waiting: [MetricsRow] = []
  private var checkpointStep: Int
  /// The seconds that this rank spent on the last checkpoint; before the first, on the first frame, or on reading the
  /// checkpoint that the run goes on from.
  private(set) var storingSeconds: Double
  /// What the run has lost of its results, for people.
  private(set) var losses: [String] = []

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
    let description = RunDescription(
      deck: setup.deck.text, version: version, ranks: communicator.size, nodes: setup.nodes, seed: setup.deck.seed,
      folder: DeckFile.absolute(setup.folder), provenance: Provenance.attributes)
    var lengths = RunFile.Lengths(
      particles: setup.sets[0].reported, generated: setup.sets.dropFirst().first?.count, targets: setup.targets.rows,
      heldOut: setup.heldOut?.rows,
      dimension: setup.targets.columns, columns: table.columns, phases: setup.timings.names, scale: setup.scale)
    if setup.isDecoded { lengths.original = setup.transforms.originalDimension }
    defer { setup.originalTargets.drop() }
    func create() throws -> RunFile {
      let (target, targetScale) = try Self.target(of: setup)
      return try RunFile.create(
        folder.result, on: communicator, description: description, lengths: lengths, target: target, in: targetScale,
        heldOut: setup.heldOut.map { Self.ownPart("held_out", of: $0, on: communicator) },
        names: setup.names, weights: setup.network.arrays(of: setup.network.parameters),
        phi: setup.network.phiArrays(in: setup.scale), transform: setup.transforms.namedArrays)
    }
    guard isContinued else {
      metrics = try communicator.together {
        guard communicator.isRoot else { return nil }
        folder.tidy()
        try folder.prepare()
        return try MetricsFile(creating: folder.metrics, of: table)
      }
      let begin = monotonicSeconds()
      file = try create()
      recording = try Recording.start(setup, in: folder, after: 0, isContinued: false)
      try storeFrame(step: 0)
      self.storingSeconds = monotonicSeconds() - begin
      return
    }
    recording = try Recording.start(setup, in: folder, after: checkpointStep, isContinued: true)
    // Both files are read before either is changed, as each has what the other may have lost.
    let stored = communicator.isRoot ? StoredMetrics(of: table, in: folder) : nil
    let (losses, isThere) = try Self.condition(of: folder, lengths, stored, on: communicator)
    self.losses = losses
    file =
      isThere
      ? try RunFile.resume(
        folder.result, on: communicator, description: description, lengths: lengths, after: checkpointStep)
      : try create()
    let rows = stored?.rows ?? []
    try table.replace(by: rows, on: communicator)
    try file.append(metrics: Array(rows.dropFirst(file.metricsRows)))
    metrics = try communicator.together {
      guard communicator.isRoot else { return nil }
      folder.tidy()
      return try MetricsFile(continuing: folder.metrics, of: table, after: rows)
    }
  }

  /// What is lost of the results of a run that goes on, and whether its result file is there. A damaged one is set aside; one
  /// that cannot be written is an error, before anything is changed. Collective.
  private static func condition(
    of folder: RunFolder, _ lengths: RunFile.Lengths, _ stored: StoredMetrics?, on communicator: Communicator
  ) throws -> (losses: [String], isThere: Bool) {
    var losses = [stored?.loss].compactMap { $0 }
    let isThere = try communicator.onRoot { () throws -> Bool in
      try folder.requireWritableFiles()
      guard RunFolder.isFile(folder.result) else {
        losses.append("'\(folder.result)' is lost and is made anew, without older frames")
        return false
      }
      guard let damage = RunFile.damage(of: folder.result, lengths: lengths) else { return true }
      let name = try folder.setAsideResult()
      losses.append("\(damage): the damaged file is kept as '\(name)', and a new one is made, without older frames")
      return false
    }
    return (losses, isThere)
  }

  /// Stores what is due after a step. Collective.
  func store(_ row: MetricsRow, _ reason: StopReason?) throws {
    let frames = setup.deck.output.framesEvery, every = setup.deck.checkpoint.every
    let isInterrupted = reason?.status == .interrupted, isEnd = reason != nil && !isInterrupted
    waiting.append(row)
    state.metrics.append(row)
    try metrics?.append(row)
    try recording?.append()
    if let best = reason?.best {
      try storeMetrics()
      try file.cutFrames(after: best)
      // The source as it was is the first frame; after its alignment it is another one of step 0.
      try storeFrame(step: best, isAnother: best == 0)
    } else if isEnd || (frames > 0 && row.step % frames == 0) {
      try storeFrame(step: row.step)
    }
    if isInterrupted || (!isEnd && every > 0 && row.step % every == 0) { try storeCheckpoint(step: row.step) }
  }

  /// Stores the final state. Collective.
  func finish(timing: [Timings.Summary], _ reason: StopReason) throws {
    let status = reason.status
    // The state in which a run was interrupted is no frame of the whole run.
    if status != .interrupted { try storeFrame(step: reason.best ?? state.progress.step) }
    try storeMetrics()
    try status.isFinal ? recording?.finish(at: reason.best ?? state.progress.step, setup.sets[0]) : recording?.flush()
    let network = setup.network
    try file.finish(
      sets: setup.sets.map(Self.rows), weights: network.arrays(of: network.parameters),
      phi: network.phiArrays(in: setup.scale),
      timing: timing, status: status,
      decode: setup.isDecoded && status != .interrupted ? setup.transforms.decode : nil, best: reason.best)
  }

  /// Stores the particles and the numbers since the last frame.
  private func storeFrame(step: Int, isAnother: Bool = false) throws {
    guard step != file.lastFrame || isAnother else { return }
    try storeMetrics()
    try file.appendFrame(step: step, particles: Self.rows(of: setup.sets[0]))
  }

  /// Stores a checkpoint of a step, after all that the result file has to hold by then.
  private func storeCheckpoint(step: Int) throws {
    guard step != checkpointStep else { return }
    let begin = monotonicSeconds()
    try storeMetrics()
    try recording?.flush()
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
    let own = set.rows.rows.clamped(to: 0..<set.reported), all = set.positions
    let part = Matrix(viewing: all.elements, rows: own.count, columns: all.columns, owner: all)
    return Snapshot.Rows(set.name, part, own: own, of: set.reported)
  }

  /// An equal part of a matrix that all ranks have, for this rank to write.
  private static func ownPart(_ name: String, of all: Matrix, on communicator: Communicator) -> Snapshot.Rows {
    let rank = communicator.rank, size = communicator.size
    let own = rank * all.rows / size..<(rank + 1) * all.rows / size
    let part = Matrix(viewing: all.row(own.lowerBound), rows: own.count, columns: all.columns, owner: all)
    return Snapshot.Rows(name, part, own: own, of: all.rows)
  }

  /// The target, of which this rank writes an equal part, and the scale it is in: bit for bit as it was read, where
  /// float32 holds that. Collective.
  private static func target(of setup: Setup) throws -> (Snapshot.Rows, CommonScale) {
    let part = ownPart("target", of: setup.targets, on: setup.communicator)
    if !setup.scale.isNone, setup.scale.fitsFloat32,
      let original = try setup.originalTargets.take(part.own, on: setup.communicator)
    {
      return (Snapshot.Rows("target", original, own: part.own, of: part.total), .none(dimension: original.columns))
    }
    return (part, setup.scale)
  }
}
