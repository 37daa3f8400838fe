import Glibc
import HDF5
import Numerics
import Parameters

/// The recorded flow `flow.h5`: the field of every stage of a run, appended as the run goes on.
///
/// A step counts once its length is there; it is written last. Steps wait in memory of a bounded size until ``flush()``.
/// Between two calls nothing is held open and the file on disk is whole. For one process.
package final class FlowFile {
  /// What the attributes and the constant datasets say.
  package struct Description {
    /// The resolved deck, and the same with lengths in the network's scale.
    package var deck: String, scaledDeck: String
    /// The program's version.
    package var version: String
    /// The integrator.
    package var integrator: String
    /// The folder in which the deck's relative paths start.
    package var folder: String
    /// The number of trained particles, of those that are rows of the source, and of coordinates.
    package var particles: Int, rows: Int, dimension: Int
    /// The scale of the network.
    package var scale: CommonScale
    /// The alignment before the first step in the network's scale: its linear part, of a shape, and its shift.
    package var start: (linear: [Double], shape: [Int], shift: [Double])?
    /// The class of the rows that the flow moves, where each has a flow of its own; empty elsewhere.
    package var label = ""

    /// A description of these parts.
    package init(
      deck: String, scaledDeck: String, version: String, integrator: String, folder: String, particles: Int,
      rows: Int, dimension: Int, scale: CommonScale, start: (linear: [Double], shape: [Int], shift: [Double])?
    ) {
      self.deck = deck
      self.scaledDeck = scaledDeck
      self.version = version
      self.integrator = integrator
      self.folder = folder
      self.particles = particles
      self.rows = rows
      self.dimension = dimension
      self.scale = scale
      self.start = start
    }
  }

  /// How much was left out of a flow, each stage by its share of the velocity.
  package struct LeftOut: Sendable, Equatable {
    package var count = 0, largest = 0.0, sum = 0.0

    /// Nothing yet.
    package init() {}

    /// The mean share; 0 where nothing is left out.
    package var mean: Double { count > 0 ? sum / Double(count) : 0 }
  }

  /// Where the file is.
  package let path: String
  private let layout: FlowLayout
  /// The time steps in the file and in memory.
  package private(set) var steps: Int
  private var fields: Int
  private var waiting: [RecordedStep] = []
  private var waitingBytes = 0
  /// The bytes of steps that may wait.
  private static let mostWaiting = 1 << 20

  private init(_ path: String, _ layout: FlowLayout, steps: Int = 0, fields: Int = 0) {
    self.path = path
    self.layout = layout
    self.steps = steps
    self.fields = fields
  }

  /// Makes a new file, or replaces one.
  package static func create(_ path: String, _ layout: FlowLayout, _ description: Description) throws -> FlowFile {
    let half = path + ".tmp"
    do {
      let constants =
        8 * (description.scale.centre.count + (description.start.map { $0.linear.count + $0.shift.count } ?? 0))
      try DiskRoom.require(
        layout.growth(fields: 1, steps: 1) + constants + 2 * description.deck.utf8.count + DiskRoom.margin, for: half)
    } catch {
      unlink(half)
      throw error
    }
    let file = try HDF5File(creating: half)
    try description.write(to: file, layout)
    try file.createSteps(layout)
    try file.close()
    guard rename(half, path) == 0 else {
      throw RunFolderError.failed(path: path, what: "make", reason: String(cString: strerror(errno)))
    }
    return FlowFile(path, layout)
  }

  /// Continues a file after a time step: later steps are removed. Throws a ``FlowFileError`` where it has not all steps
  /// up to this one of a flow of this layout.
  package static func resume(
    _ path: String, _ layout: FlowLayout, _ description: Description, after step: Int
  ) throws -> FlowFile {
    guard RunFolder.isFile(path) else { throw FlowFileError.lost(path: path, step: step, reason: "there is no file") }
    do {
      let reader = try FlowReader(path)
      guard reader.layout == layout else { throw FlowFileError.damaged(path: path, reason: "it is of another network") }
      guard reader.particles == description.particles, reader.scale ?? description.scale == description.scale,
        reader.start?.shift == description.start?.shift, reader.start?.linear == description.start?.linear
      else { throw FlowFileError.damaged(path: path, reason: "it is of another run") }
      guard reader.timeSteps.count >= step else {
        throw FlowFileError.damaged(path: path, reason: "it ends after step \(reader.timeSteps.count)")
      }
    } catch let error as FlowFileError {
      guard case .damaged(_, let reason) = error else { throw error }
      throw FlowFileError.lost(path: path, step: step, reason: reason)
    }
    let file = FlowFile(path, layout)
    try file.cut(toStep: step)
    try HDF5File.change(path, adding: 2 * description.deck.utf8.count) {
      try description.write(attributesTo: $0, layout)
    }
    return file
  }

  /// Adds a step that was made.
  package func append(_ step: RecordedStep) throws {
    waiting.append(step)
    steps += 1
    waitingBytes += step.stages.reduce(64) { $0 + ($1.map { 4 * $0.parameters.count + 8 * $0.inData.count } ?? 8) }
    if waitingBytes >= Self.mostWaiting { try flush() }
  }

  /// Writes what waits in memory.
  package func flush() throws {
    guard !waiting.isEmpty else { return }
    let stages = waiting.flatMap(\.stages), new = stages.compactMap { $0 }
    try HDF5File.change(path, adding: layout.growth(fields: new.count, steps: waiting.count)) { file in
      try file.append(new, layout)
      var row = fields - 1
      let rows = stages.map { stage in
        row += stage == nil ? 0 : 1
        return Int64(row)
      }
      try file.append(rows, to: FlowSchema.field)
      if layout.isScaled { try file.append(waiting.map(\.timeStep), to: FlowSchema.exactTimeStep) }
      try file.append(waiting.map(\.duration), to: FlowSchema.timeStep)
    }
    fields += new.count
    waiting.removeAll()
    waitingBytes = 0
  }

  /// Removes the steps after one.
  package func cut(toStep step: Int) throws {
    try flush()
    try HDF5File.change(path, adding: 0) { file in
      let evaluations = layout.evaluations(of: step)
      try file.extend(FlowSchema.timeStep, rows: step)
      if layout.isScaled { try file.extend(FlowSchema.exactTimeStep, rows: step) }
      try file.extend(FlowSchema.field, rows: evaluations)
      let last = evaluations > 0 ? try file.int64s(of: FlowSchema.field, from: evaluations - 1, rows: 1).first : nil
      fields = last.map { Int($0) + 1 } ?? 0
      for path in FlowSchema.fieldDatasets(layout) { try file.extend(path, rows: fields) }
    }
    steps = step
  }

  /// Writes what waits, says that the flow is whole and ends with a step, of which later ones are kept for a run that goes
  /// on, and what was left out of it.
  package func finish(at step: Int, leftOut: LeftOut?) throws {
    try flush()
    try HDF5File.change(path, adding: 0) { file in
      if let leftOut {
        try file.write(attribute: "left_out", value: Int64(leftOut.count))
        try file.write(attribute: "largest_change", value: leftOut.largest)
        try file.write(attribute: "mean_change", value: leftOut.mean)
      }
      try file.write(attribute: "end", value: Int64(step))
      try file.write(attribute: "status", text: FlowSchema.whole)
    }
  }

  /// Notes how far replayed particles end from the run's in the root mean square, in the data's unit.
  package func note(distance: Double) throws {
    try HDF5File.change(path, adding: 0) { try $0.write(attribute: "replay_distance", value: distance) }
  }
}
