import Glibc
import HDF5
import MessagePassing
import Numerics
import Parameters

/// The result file `run.h5`, written by all ranks of a communicator; ``RunSchema`` says what is in it.
///
/// Between two calls nothing is held open and the file on disk is whole, so a killed run leaves a readable one. In a call
/// the root makes and extends datasets alone; then all ranks open the file and each writes its own rows into space that
/// is there already. Of a frame the step number is written last: frames beyond the steps are half made and not counted.
///
/// Every function is collective, and where it fails all ranks throw. Matrices are given as the rows that each rank holds,
/// possibly none; over all ranks they must cover every row once.
package final class RunFile {
  /// The lengths of the axes of a run.
  package struct Lengths: Sendable, Equatable {
    package let particles: Int, generated: Int?, targets: Int, heldOut: Int?, dimension: Int
    /// The numbers of a time step beside the step.
    package let columns: [String]
    /// The phases that are timed.
    package let phases: [String]
    /// The scale of the particles, which the file holds in the data's.
    package let scale: CommonScale
    /// The coordinates in the original space, where particles are stored there, too.
    package var original: Int?

    /// The lengths of all axes; without a scale the particles are in the data's.
    package init(
      particles: Int, generated: Int?, targets: Int, heldOut: Int? = nil, dimension: Int, columns: [String],
      phases: [String], scale: CommonScale? = nil
    ) {
      self.scale = scale ?? .none(dimension: dimension)
      self.particles = particles
      self.generated = generated
      self.heldOut = heldOut
      self.targets = targets
      self.dimension = dimension
      self.columns = columns
      self.phases = phases
    }
  }

  /// Where the file is.
  package let path: String
  /// The number of frames in the file.
  package private(set) var frames: Int
  /// The time step of the last frame; nil where there is none.
  package private(set) var lastFrame: Int?
  /// The rows of the metrics in the file, as the root knows them.
  package private(set) var metricsRows = 0
  let communicator: Communicator
  let lengths: Lengths

  private init(_ path: String, _ lengths: Lengths, on communicator: Communicator, frames: Int = 0) {
    self.path = path
    self.frames = frames
    self.communicator = communicator
    self.lengths = lengths
  }

  /// Makes a new file, or replaces one, with the attributes, the target and the names; the status is `running`. With
  /// `weights` and `phi`, the network's arrays, the final state has its place from the beginning, with these and the particles
  /// of the first frame in it. The target is in the scale of the particles or in `targetScale`; held-out targets in the former.
  package static func create(
    _ path: String, on communicator: Communicator, description: RunDescription, lengths: Lengths,
    target: Snapshot.Rows, in targetScale: CommonScale? = nil, heldOut: Snapshot.Rows? = nil,
    names: RunNames = RunNames(), weights: NamedArrays = [],
    phi: NamedArrays = [], transform: NamedArrays = []
  ) throws -> RunFile {
    // Made under another name, so that a run.h5 is a whole one from its first moment.
    let half = RunFile(path + ".tmp", lengths, on: communicator)
    try communicator.onRoot { () throws -> Void in
      do {
        let texts = names.texts.reduce(0) { $0 + $1.texts.reduce(0) { $0 + $1.utf8.count + 48 } }
        try DiskRoom.require(
          half.bytes(weights, phi) + texts + transform.reduce(0) { $0 + 8 * $1.values.count }
            + description.deck.utf8.count + DiskRoom.margin, for: half.path)
      } catch {
        unlink(half.path)
        throw error
      }
      let file = try HDF5File(creating: half.path)
      try description.write(to: file)
      try file.create(RunSchema.target, lengths)
      if lengths.heldOut != nil { try file.create(RunSchema.heldOut, lengths) }
      try file.write(lengths.scale.centre, to: RunSchema.centre.path, shape: [lengths.dimension])
      try file.write([lengths.scale.unit], to: RunSchema.unit.path, shape: [1])
      for (dataset, texts) in names.texts { try file.write(texts: texts, to: dataset) }
      for array in transform { try file.write(array.values, to: array.name, shape: array.shape) }
      // Extending a dataset once allocates its chunk index, so that later rows change only what is there.
      let open = [RunSchema.frameSteps.path, RunSchema.metricsSteps.path] + RunSchema.metrics(lengths.columns)
      for path in open { try file.create(path, lengths, rows: 1) }
      if !weights.isEmpty { try half.placeEnd(in: file, weights: weights, phi: phi, timing: []) }
      try file.create(RunSchema.frames.path, lengths, rows: 1)
      for path in open + [RunSchema.frames.path] { try file.extend(path, rows: 0) }
      try file.close()
    }
    try half.onAllRanks {
      try half.write(target, to: RunSchema.target.path, of: $0, from: targetScale)
      if let heldOut { try half.write(heldOut, to: RunSchema.heldOut.path, of: $0) }
    }
    try communicator.onRoot { () throws -> Void in
      guard rename(half.path, path) == 0 else {
        throw RunFolderError.failed(path: path, what: "make", reason: String(cString: strerror(errno)))
      }
    }
    return RunFile(path, lengths, on: communicator)
  }

  /// What of a file keeps a run of these lengths from being continued in it; nil: nothing. What the file system refuses is
  /// no damage. Not collective.
  package static func damage(of path: String, lengths: Lengths) -> String? {
    do {
      let file = try HDF5File(reading: path)
      _ = try (file.text(attribute: "status"), file.text(attribute: "deck"))
      _ = try frames(of: file, lengths, after: 0)
      let paths = [RunSchema.metricsSteps.path] + RunSchema.metrics(lengths.columns)
      for path in paths { _ = try file.values(of: path, as: Double.self) }
      return nil
    } catch { return "\(error)" }
  }

  /// Continues the file of an interrupted run after a time step: later frames and metrics are removed; the attributes are
  /// written again, and the status is `running`. Throws an `HDF5Error` where the file is not one of a run of this size, and
  /// before anything is changed where the disk has no room.
  package static func resume(
    _ path: String, on communicator: Communicator, description: RunDescription, lengths: Lengths, after step: Int
  ) throws -> RunFile {
    let (frames, last, metrics) = try communicator.onRoot { () throws -> (Int, Int, Int) in
      var frames = 0, last = -1, metrics = 0
      try HDF5File.change(path, adding: description.deck.utf8.count) { file in
        let steps = try Self.frames(of: file, lengths, after: step)
        frames = steps.count
        if let step = steps.last { last = Int(step) }
        try file.extend(RunSchema.frames.path, rows: frames)
        try file.extend(RunSchema.frameSteps.path, rows: frames)
        metrics = try cutMetrics(of: file, lengths.columns, after: step)
        try description.write(to: file)
      }
      return (frames, last, metrics)
    }
    let run = RunFile(path, lengths, on: communicator, frames: frames)
    run.lastFrame = last < 0 ? nil : last
    run.metricsRows = metrics
    return run
  }

  /// The steps of the frames up to a time step.
  private static func frames(of file: HDF5File, _ lengths: Lengths, after step: Int) throws -> [Int64] {
    let shape = try file.shape(of: RunSchema.frames.path)
    guard shape.count == 3, shape[1] == lengths.particles, shape[2] == lengths.dimension else {
      throw HDF5Error(
        path: file.path, what: "is not of the run to be continued",
        text: "its frames have the shape \(shape), the run has \(lengths.particles) particles of dimension "
          + "\(lengths.dimension)")
    }
    let steps: [Int64] = try file.values(of: RunSchema.frameSteps.path)
    return Array(steps.prefix { $0 <= step }.prefix(shape[0]))
  }

  /// Keeps the rows of the metrics up to a time step as far as they are whole, and says how many.
  private static func cutMetrics(of file: HDF5File, _ columns: [String], after step: Int) throws -> Int {
    let steps: [Int64] = try file.values(of: RunSchema.metricsSteps.path), paths = RunSchema.metrics(columns)
    var rows = zip(steps, 1...).prefix { $0 == $1 && $0 <= step }.count
    for path in paths { rows = min(rows, try file.shape(of: path).first ?? 0) }
    for path in paths + [RunSchema.metricsSteps.path] { try file.extend(path, rows: rows) }
    return rows
  }

  /// Adds a frame: the particles after a time step, 0 for those at the start.
  package func appendFrame(step: Int, particles: Snapshot.Rows) throws {
    let frame = frames
    try onRoot(adding: lengths.frameBytes) { try $0.extend(RunSchema.frames.path, rows: frame + 1) }
    try onAllRanks { file in
      try write(particles, to: RunSchema.frames.path, of: file, frame: frame)
      let end = RunSchema.particles.path
      if frame == 0, try file.exists(end) { try write(particles, to: end, of: file) }
    }
    try onRoot(adding: Lengths.columnBytes(adding: 1, to: frame)) {
      try $0.append([Int64(step)], to: RunSchema.frameSteps.path)
    }
    frames += 1
    lastFrame = step
  }

  /// Removes the frames after a time step.
  package func cutFrames(after step: Int) throws {
    var left: [Int64] = []
    let count = try communicator.onRoot { () throws -> Int in
      try HDF5File.change(path, adding: 0) { file in
        left = try Self.frames(of: file, lengths, after: step)
        try file.extend(RunSchema.frames.path, rows: left.count)
        try file.extend(RunSchema.frameSteps.path, rows: left.count)
      }
      return left.count
    }
    let last = try communicator.broadcast(left.last ?? -1, from: 0)
    frames = count
    lastFrame = last < 0 ? nil : Int(last)
  }

  /// Adds rows to the metrics. The root's rows count; what the others pass does not matter.
  package func append(metrics rows: [MetricsRow]) throws {
    let bytes = (lengths.columns.count + 1) * Lengths.columnBytes(adding: rows.count, to: metricsRows)
    try onRoot(adding: bytes) { file in
      guard !rows.isEmpty else { return }
      for (i, path) in RunSchema.metrics(lengths.columns).enumerated() {
        try file.append(rows.map { $0.values[i] }, to: path)
      }
      try file.append(rows.map { Int64($0.step) }, to: RunSchema.metricsSteps.path)
    }
    metricsRows += rows.count
  }

  /// Writes the final state, in the place of an earlier one, and then the status.
  ///
  /// - Parameters:
  ///   - sets: the rows of `particles` and, where there are any, of `generated`.
  ///   - weights: the network's arrays as the optimizer moves them; those of the root count.
  ///   - phi: those that phi is computed with.
  ///   - timing: the phases; those of the root count.
  ///   - status: how the run ended.
  ///   - decode: takes rows of the space of the flow to the original one, where the lengths say that it is stored.
  ///   - best: the step after which the final state was, where that is not the last one.
  package func finish(
    sets: [Snapshot.Rows], weights: NamedArrays, phi: NamedArrays, timing: [Timings.Summary], status: RunStatus,
    decode: Decode? = nil, best: Int? = nil
  ) throws {
    let decoded = decode == nil ? [] : sets
    try onRoot(adding: bytes(weights, phi) + decoded.reduce(0) { $0 + 4 * $1.total * (lengths.original ?? 0) }) {
      try placeEnd(in: $0, weights: weights, phi: phi, timing: timing)
      for set in decoded where try !$0.exists("decoded/" + set.name) { try $0.create("decoded/" + set.name, lengths) }
      if let best { try $0.write(attribute: RunSchema.bestStep, value: Int64(best)) }
    }
    try onAllRanks { file in
      for set in sets { try write(set, to: set.name, of: file) }
      if let decode { for set in sets { try write(set, to: "decoded/" + set.name, of: file, by: decode) } }
    }
    try mark(status)
  }

  /// Writes how the run stands.
  package func mark(_ status: RunStatus) throws {
    try onRoot(adding: 0) { try $0.write(attribute: "status", text: status.rawValue) }
  }
}
