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
public final class RunFile {
  /// Where the file is.
  public let path: String
  /// The number of frames in the file.
  public private(set) var frames: Int
  /// The time step of the last frame; nil where there is none.
  public private(set) var lastFrame: Int?
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
  public static func create(
    _ path: String, on communicator: Communicator, description: RunDescription, particles: Int, dimension: Int,
    generated: Int?, targets: Int, target: UnsafePointer<Float>, targetRows: Range<Int>
  ) throws -> RunFile {
    let run = RunFile(
      path, on: communicator, particles: particles, dimension: dimension, generated: generated, frames: 0)
    try communicator.onRoot { () throws -> Void in
      let file = try HDF5File(creating: path)
      try write(description, to: file)
      try file.create("target", shape: [targets, dimension], of: Float.self)
      let chunk = chunk(particles: particles, dimension: dimension)
      try file.create("frames/particles", shape: [0, particles, dimension], of: Float.self, chunk: chunk)
      try file.create("frames/step", shape: [0], of: Int64.self, chunk: [1024])
      try file.create("metrics/step", shape: [0], of: Int64.self, chunk: [1024])
      for column in metricsColumns { try file.create(column.dataset, shape: [0], of: Double.self, chunk: [1024]) }
      try file.close()
    }
    try run.onAllRanks { try $0.write(target, to: "target", rows: targetRows) }
    return run
  }

  /// Continues the file of an interrupted run after a time step: later frames and metrics, and the final state, are
  /// removed; the attributes are written again, and the status is `running`. Throws an `HDF5Error` where the file is
  /// not one of a run of this size.
  public static func resume(
    _ path: String, on communicator: Communicator, description: RunDescription, particles: Int, dimension: Int,
    generated: Int?, after step: Int
  ) throws -> RunFile {
    let (frames, last) = try communicator.onRoot { () throws -> (Int, Int) in
      let file = try HDF5File(appending: path)
      let shape = try file.shape(of: "frames/particles")
      guard shape.count == 3, shape[1] == particles, shape[2] == dimension else {
        throw HDF5Error(
          path: path, what: "is not of the run to be continued",
          text: "its frames have the shape \(shape), the run has \(particles) particles of dimension \(dimension)")
      }
      let steps: [Int64] = try file.values(of: "frames/step")
      let frames = min(steps.prefix { $0 <= step }.count, shape[0])
      try file.extend("frames/particles", rows: frames)
      try file.extend("frames/step", rows: frames)
      try cutMetrics(of: file, after: step)
      for object in ["particles", "generated", "discriminator", "timing"] { try file.delete(object) }
      try write(description, to: file)
      try file.close()
      return (frames, frames > 0 ? Int(steps[frames - 1]) : -1)
    }
    let run = RunFile(
      path, on: communicator, particles: particles, dimension: dimension, generated: generated, frames: frames)
    run.lastFrame = last < 0 ? nil : last
    return run
  }

  /// Adds a frame: the particles after a time step, 0 for those at the start.
  public func appendFrame(step: Int, particles: UnsafePointer<Float>, rows: Range<Int>) throws {
    let frame = frames
    try onRoot(adding: frameBytes()) { try $0.extend("frames/particles", rows: frame + 1) }
    try onAllRanks { try $0.write(particles, to: "frames/particles", rows: rows, frame: frame) }
    try onRoot(adding: 0) { try $0.append([Int64(step)], to: "frames/step") }
    frames += 1
    lastFrame = step
  }

  /// Adds rows to the metrics. The root's rows count; what the others pass does not matter.
  public func append(metrics rows: [MetricsRow]) throws {
    // A new piece of each column, at most, beside the rows.
    try onRoot(adding: 8 * Self.metricsRoom * (rows.count + 1024)) { file in
      guard !rows.isEmpty else { return }
      for column in Self.metricsColumns { try file.append(rows.map(column.value), to: column.dataset) }
      try file.append(rows.map { Int64($0.step) }, to: "metrics/step")
    }
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
  public func finish(
    particles: UnsafePointer<Float>, rows: Range<Int>, generated: UnsafePointer<Float>? = nil,
    generatedRows: Range<Int> = 0..<0, weights: [(name: String, shape: [Int], values: [Float])],
    timing: [Timings.Summary], status: RunStatus
  ) throws {
    let numbers = self.particles * dimension + (self.generated ?? 0) * dimension
    let parameters = weights.reduce(0) { $0 + $1.values.count }
    try onRoot(adding: 4 * (numbers + parameters)) { file in
      for object in ["particles", "generated", "discriminator", "timing"] { try file.delete(object) }
      try file.create("particles", shape: [self.particles, dimension], of: Float.self)
      if let count = self.generated { try file.create("generated", shape: [count, dimension], of: Float.self) }
      for array in weights { try file.write(array.values, to: "discriminator/" + array.name, shape: array.shape) }
      for phase in timing {
        try file.write([phase.minimum, phase.mean, phase.maximum], to: "timing/" + phase.phase.name, shape: [3])
      }
      if !timing.isEmpty {
        try file.write(attribute: "columns", text: "minimum, mean, maximum over ranks, in seconds", of: "timing")
      }
    }
    try onAllRanks {
      try $0.write(particles, to: "particles", rows: rows)
      if self.generated != nil, let generated { try $0.write(generated, to: "generated", rows: generatedRows) }
    }
    try onRoot(adding: 0) { try $0.write(attribute: "status", text: status.rawValue) }
  }
}
