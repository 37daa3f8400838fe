import MessagePassing
import RunFile

/// The files of a run as it goes on: result file and metrics, in the run folder.
final class RunRecord {
  private let assembly: RunAssembly
  private let file: RunFile
  private let metrics: MetricsFile?
  private var waiting: [MetricsRow] = []
  private var lastFrame = -1

  /// Makes the folder and its files, with the frame of step 0. Collective.
  init(_ assembly: RunAssembly, folder: RunFolder, deckText: String) throws {
    self.assembly = assembly
    let communicator = assembly.communicator
    metrics = try communicator.together {
      guard communicator.isRoot else { return nil }
      try folder.prepare()
      return try MetricsFile(creating: folder.metrics)
    }
    let targets = assembly.targetSet, rank = communicator.rank, size = communicator.size
    let share = rank * targets.count / size..<(rank + 1) * targets.count / size
    file = try RunFile.create(
      folder.result, on: communicator,
      description: RunDescription(
        deck: deckText, version: version, ranks: size, nodes: assembly.nodes, seed: assembly.deck.seed),
      particles: assembly.particles.blocks.rows, dimension: targets.dimension,
      generated: assembly.generated?.blocks.rows, targets: targets.count, target: targets.rows.row(share.lowerBound),
      targetRows: share)
    try storeFrame(step: 0)
  }

  /// Notes a step's figures, at once in metrics.csv.
  func note(_ row: MetricsRow) throws {
    waiting.append(row)
    try metrics?.append(row)
  }

  /// Stores the particles and the figures since the last frame. Collective.
  func storeFrame(step: Int) throws {
    guard step != lastFrame else { return }
    try storeMetrics()
    try file.appendFrame(
      step: step, particles: assembly.ensemble.particles.elements, rows: assembly.particles.rows)
    lastFrame = step
  }

  private func storeMetrics() throws {
    try file.append(metrics: waiting)
    waiting.removeAll()
  }

  /// Stores the final state. Collective.
  func finish(step: Int, parameters: [Float], timing: [Timings.Summary], status: RunStatus) throws {
    try storeFrame(step: step)
    try storeMetrics()
    try file.finish(
      particles: assembly.ensemble.particles.elements, rows: assembly.particles.rows,
      generated: assembly.ensemble.generated.map { UnsafePointer($0.elements) },
      generatedRows: assembly.generated?.rows ?? 0..<0, weights: assembly.network.arrays(of: parameters),
      timing: timing, status: status)
  }
}
