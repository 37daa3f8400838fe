import Glibc
import HDF5
import MessagePassing

/// The result file `run.h5`, written by all ranks of a communicator.
///
/// Between two calls nothing is held open and the file on disk is whole, so a killed run leaves a readable one. In a call
/// the root makes and extends datasets alone; then all ranks open the file and each writes its own rows into space that
/// is there already. Of a frame the step number is written last: frames beyond the steps are half made and not counted.
///
/// Every function is collective, and where it fails all ranks throw. Matrices are float32 in row order; each rank gives
/// the range of rows it holds, possibly none, and where the first of these begins.
package final class RunFile {
  /// Where the file is.
  package let path: String
  /// The number of frames in the file.
  package private(set) var frames: Int
  /// The time step of the last frame; nil where there is none.
  package private(set) var lastFrame: Int?
  /// The rows of the metrics in the file, as the root knows them.
  package private(set) var metricsRows = 0
  let communicator: Communicator
  let particles: Int, dimension: Int, generated: Int?

  private init(
    _ path: String, on communicator: Communicator, particles: Int, dimension: Int, generated: Int?, frames: Int
  ) {
    self.path = path
    self.frames = frames
    self.communicator = communicator
    self.particles = particles
    self.dimension = dimension
    self.generated = generated
  }

  /// Makes a new file, or replaces one, with the attributes and the target; the status is `running`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - communicator: the ranks that write it.
  ///   - description: what the attributes say.
  ///   - particles: the number of particles, N.
  ///   - dimension: the dimension d of all samples.
  ///   - generated: the number of particles carried along, where there are any.
  ///   - targets: the number of target samples, M.
  ///   - target: the first of the target rows that this rank writes.
  ///   - targetRows: which rows these are; over all ranks they must cover 0 ..< M once.
  ///   - weights: the network's arrays; given, the final state has its place from the beginning, with these and the
  ///     particles of the first frame in it.
  package static func create(
    _ path: String, on communicator: Communicator, description: RunDescription, particles: Int, dimension: Int,
    generated: Int?, targets: Int, target: UnsafePointer<Float>, targetRows: Range<Int>,
    weights: [(name: String, shape: [Int], values: [Float])] = []
  ) throws -> RunFile {
    func run(at path: String) -> RunFile {
      RunFile(path, on: communicator, particles: particles, dimension: dimension, generated: generated, frames: 0)
    }
    // Made under another name, so that a run.h5 is a whole one from its first moment.
    let half = run(at: path + ".tmp")
    let numbers = (targets + particles + (generated ?? 0)) * dimension + weights.reduce(0) { $0 + $1.values.count }
    let columns = (metricsColumns.count + 2) * columnBytes(adding: 1, to: 0)
    try communicator.onRoot { () throws -> Void in
      do {
        let bytes = 4 * numbers + half.frameBytes() + columns + description.deck.utf8.count
        try DiskRoom.require(bytes + DiskRoom.margin, for: half.path)
      } catch {
        unlink(half.path)
        throw error
      }
      let file = try HDF5File(creating: half.path)
      try write(description, to: file)
      try file.create("target", shape: [targets, dimension], of: Float.self)
      let chunk = chunk(particles: particles, dimension: dimension)
      // A row that is taken away again leaves the index of pieces, so that later rows only change what is there.
      for step in ["frames/step", "metrics/step"] {
        try file.create(step, shape: [1], of: Int64.self, chunk: [columnPiece])
      }
      for column in metricsColumns {
        try file.create(column.dataset, shape: [1], of: Double.self, chunk: [columnPiece])
      }
      if !weights.isEmpty { try half.placeEnd(in: file, weights: weights, timing: []) }
      try file.create("frames/particles", shape: [1, particles, dimension], of: Float.self, chunk: chunk)
      for dataset in ["frames/particles", "frames/step", "metrics/step"] + metricsColumns.map(\.dataset) {
        try file.extend(dataset, rows: 0)
      }
      try file.close()
    }
    try half.onAllRanks { try $0.write(target, to: "target", rows: targetRows) }
    try communicator.onRoot { () throws -> Void in
      guard rename(half.path, path) == 0 else {
        throw RunFolderError.failed(path: path, what: "make", reason: String(cString: strerror(errno)))
      }
    }
    return run(at: path)
  }

  /// Continues the file of an interrupted run after a time step: later frames and metrics are removed; the attributes are
  /// written again, and the status is `running`. Throws an `HDF5Error` where the file is
  /// not one of a run of this size.
  package static func resume(
    _ path: String, on communicator: Communicator, description: RunDescription, particles: Int, dimension: Int,
    generated: Int?, after step: Int
  ) throws -> RunFile {
    let (frames, last, metrics) = try communicator.onRoot { () throws -> (Int, Int, Int) in
      var frames = 0, last = -1, metrics = 0
      try HDF5File.change(path, adding: description.deck.utf8.count) { file in
        let shape = try file.shape(of: "frames/particles")
        guard shape.count == 3, shape[1] == particles, shape[2] == dimension else {
          throw HDF5Error(
            path: path, what: "is not of the run to be continued",
            text: "its frames have the shape \(shape), the run has \(particles) particles of dimension \(dimension)")
        }
        let steps: [Int64] = try file.values(of: "frames/step")
        frames = min(steps.prefix { $0 <= step }.count, shape[0])
        if frames > 0 { last = Int(steps[frames - 1]) }
        try file.extend("frames/particles", rows: frames)
        try file.extend("frames/step", rows: frames)
        metrics = try cutMetrics(of: file, after: step)
        try write(description, to: file)
      }
      return (frames, last, metrics)
    }
    let run = RunFile(
      path, on: communicator, particles: particles, dimension: dimension, generated: generated, frames: frames)
    run.lastFrame = last < 0 ? nil : last
    run.metricsRows = metrics
    return run
  }

  /// Adds a frame: the particles after a time step, 0 for those at the start.
  package func appendFrame(step: Int, particles: UnsafePointer<Float>, rows: Range<Int>) throws {
    let frame = frames
    try onRoot(adding: frameBytes()) { try $0.extend("frames/particles", rows: frame + 1) }
    try onAllRanks { file in
      try file.write(particles, to: "frames/particles", rows: rows, frame: frame)
      if frame == 0, try file.exists("particles") { try file.write(particles, to: "particles", rows: rows) }
    }
    try onRoot(adding: Self.columnBytes(adding: 1, to: frame)) { try $0.append([Int64(step)], to: "frames/step") }
    frames += 1
    lastFrame = step
  }

  /// Adds rows to the metrics. The root's rows count; what the others pass does not matter.
  package func append(metrics rows: [MetricsRow]) throws {
    let bytes = (Self.metricsColumns.count + 1) * Self.columnBytes(adding: rows.count, to: metricsRows)
    try onRoot(adding: bytes) { file in
      guard !rows.isEmpty else { return }
      for column in Self.metricsColumns { try file.append(rows.map(column.value), to: column.dataset) }
      try file.append(rows.map { Int64($0.step) }, to: "metrics/step")
    }
    metricsRows += rows.count
  }

  /// Writes the final state, in the place of an earlier one, and then the status.
  ///
  /// - Parameters:
  ///   - particles: the first of this rank's particles.
  ///   - rows: which rows these are.
  ///   - generated: the first of this rank's carried-along particles; nil where there are none anywhere.
  ///   - generatedRows: which rows these are.
  ///   - weights: the network's arrays by name, such as `weight_0`; those of the root count.
  ///   - timing: the phases; those of the root count.
  ///   - status: how the run ended.
  package func finish(
    particles: UnsafePointer<Float>, rows: Range<Int>, generated: UnsafePointer<Float>? = nil,
    generatedRows: Range<Int> = 0..<0, weights: [(name: String, shape: [Int], values: [Float])],
    timing: [Timings.Summary], status: RunStatus
  ) throws {
    let numbers = self.particles * dimension + (self.generated ?? 0) * dimension
    let parameters = weights.reduce(0) { $0 + $1.values.count }
    try onRoot(adding: 4 * (numbers + parameters)) { try placeEnd(in: $0, weights: weights, timing: timing) }
    try onAllRanks {
      try $0.write(particles, to: "particles", rows: rows)
      if self.generated != nil, let generated { try $0.write(generated, to: "generated", rows: generatedRows) }
    }
    try onRoot(adding: 0) { try $0.write(attribute: "status", text: status.rawValue) }
  }
}
