import HDF5
import MessagePassing

extension RunFile {
  /// The largest piece in which frames are stored, in bytes.
  static let chunkBytes = 4 << 20

  /// The columns of the metrics, the step included.
  static var metricsRoom: Int { metricsColumns.count + 1 }

  /// The metrics but the step, in the order of their columns.
  static let metricsColumns: [(dataset: String, value: @Sendable (MetricsRow) -> Double)] = [
    ("metrics/time", { $0.time }),
    ("metrics/divergence", { $0.divergence }),
    ("metrics/fisher_information", { $0.fisherInformation }),
    ("metrics/maximum_speed", { $0.maximumSpeed }),
  ]

  /// The shape of the pieces in which frames are stored: one frame each, and as many rows as fit.
  static func chunk(particles: Int, dimension: Int) -> [Int] {
    let width = min(max(dimension, 1), chunkBytes / 4)
    let most = max(1, chunkBytes / (4 * width))
    // All pieces of a frame are of nearly one size, as the last one takes as much space as the others.
    let pieces = max(1, (particles + most - 1) / most)
    return [1, max(1, (particles + pieces - 1) / pieces), width]
  }

  /// Writes the root attributes, with the status `running`.
  static func write(_ description: RunDescription, to file: HDF5File) throws {
    try file.write(attribute: "deck", text: description.deck)
    try file.write(attribute: "version", text: description.version)
    try file.write(attribute: "ranks", value: Int64(description.ranks))
    try file.write(attribute: "nodes", value: Int64(description.nodes))
    try file.write(attribute: "seed", value: Int64(description.seed))
    try file.write(attribute: "status", text: RunStatus.running.rawValue)
  }

  /// Keeps the rows of the metrics up to a time step that are whole.
  static func cutMetrics(of file: HDF5File, after step: Int) throws {
    let steps: [Int64] = try file.values(of: "metrics/step")
    var rows = steps.prefix { $0 <= step }.count
    for column in metricsColumns { rows = min(rows, try file.shape(of: column.dataset).first ?? 0) }
    for dataset in metricsColumns.map(\.dataset) + ["metrics/step"] { try file.extend(dataset, rows: rows) }
  }

  /// The bytes that frames of this run take, each filled up to whole pieces.
  func frameBytes() -> Int {
    let chunk = Self.chunk(particles: particles, dimension: dimension)
    let pieces = (particles + chunk[1] - 1) / chunk[1] * ((dimension + chunk[2] - 1) / chunk[2])
    return 4 * pieces * chunk[1] * chunk[2]
  }

  /// The root alone changes the file, after looking whether the disk has room for what is added. Collective.
  func onRoot(adding bytes: Int, _ body: (HDF5File) throws -> Void) throws {
    try communicator.onRoot { () throws -> Void in
      guard RunFolder.isFile(path) else {
        throw RunFolderError.failed(path: path, what: "find", reason: "it, or its folder, was removed during the run")
      }
      try DiskRoom.require(bytes + DiskRoom.margin, for: path)
      let file = try HDF5File(appending: path)
      try body(file)
      try file.close()
    }
  }

  /// All ranks have the file open together, and each writes rows of its own. Opening and closing are collective, so a rank
  /// that fails in between still closes before all throw. Collective.
  func onAllRanks(_ body: (HDF5File) throws -> Void) throws {
    let handle = communicator.size > 1 ? communicator.handle : nil
    let file = try communicator.together { try HDF5File(appending: path, on: handle) }
    let written = Result { try communicator.together { try body(file) } }
    let closed = Result { try communicator.together { try file.close() } }
    try written.get()
    try closed.get()
  }
}
