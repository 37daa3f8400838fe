import HDF5
import MessagePassing

extension RunFile {
  /// The largest piece in which frames are stored, in bytes.
  static let chunkBytes = 4 << 20

  /// The numbers of a piece in which a column is stored.
  static let columnPiece = 1024

  /// The bytes that a column of `rows` numbers grows by with more of them: whole pieces, mostly none.
  static func columnBytes(adding more: Int, to rows: Int) -> Int {
    8 * columnPiece * ((rows + more + columnPiece - 1) / columnPiece - (rows + columnPiece - 1) / columnPiece)
  }

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

  /// Keeps the rows of the metrics, which are of the steps 1, 2, ..., up to a time step as far as they are whole, and says
  /// how many.
  static func cutMetrics(of file: HDF5File, after step: Int) throws -> Int {
    let steps: [Int64] = try file.values(of: "metrics/step")
    var rows = zip(steps, 1...).prefix { $0 == $1 && $0 <= step }.count
    for column in metricsColumns { rows = min(rows, try file.shape(of: column.dataset).first ?? 0) }
    for dataset in metricsColumns.map(\.dataset) + ["metrics/step"] { try file.extend(dataset, rows: rows) }
    return rows
  }

  /// The figures of the last step in a file; nil where there are none.
  static func lastMetrics(of file: HDF5File) throws -> MetricsRow? {
    guard let rows = try file.shape(of: "metrics/step").first, rows > 0 else { return nil }
    let steps = try file.int64s(of: "metrics/step", from: rows - 1, rows: 1)
    let values = try metricsColumns.map { try file.doubles(of: $0.dataset, from: rows - 1, rows: 1) }.joined()
    guard let step = steps.first, case let numbers = Array(values), numbers.count == metricsColumns.count else {
      return nil
    }
    return MetricsRow(
      step: Int(step), time: numbers[0], divergence: numbers[1], fisherInformation: numbers[2], maximumSpeed: numbers[3]
    )
  }

  /// The bytes that frames of this run take, each filled up to whole pieces.
  func frameBytes() -> Int {
    let chunk = Self.chunk(particles: particles, dimension: dimension)
    let pieces = (particles + chunk[1] - 1) / chunk[1] * ((dimension + chunk[2] - 1) / chunk[2])
    return 4 * pieces * chunk[1] * chunk[2]
  }

  /// Makes the datasets of the final state where they are not there yet, and fills the small ones. What is there is written
  /// over in its place, as the file then can be read at every moment.
  func placeEnd(
    in file: HDF5File, weights: [(name: String, shape: [Int], values: [Float])], timing: [Timings.Summary]
  ) throws {
    for (name, rows) in [("particles", particles), ("generated", generated ?? 0)] where rows > 0 {
      let shape = [rows, dimension]
      if try !file.exists(name) { try file.create(name, shape: shape, of: Float.self) }
    }
    for array in weights { try Self.put(array.values, in: "discriminator/" + array.name, shape: array.shape, of: file) }
    for phase in Timings.Phase.allCases {
      let found = timing.first { $0.phase == phase }
      let seconds: [Double] = [found?.minimum ?? 0, found?.mean ?? 0, found?.maximum ?? 0]
      try Self.put(seconds, in: "timing/" + phase.name, shape: [3], of: file)
    }
    if try !file.hasAttribute("columns", of: "timing") {
      try file.write(attribute: "columns", text: "minimum, mean, maximum over ranks, in seconds", of: "timing")
    }
  }

  private static func put<T: HDF5Number>(
    _ values: [T], in dataset: String, shape: [Int], of file: HDF5File
  ) throws {
    guard try file.exists(dataset) else { return try file.write(values, to: dataset, shape: shape) }
    try values.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { try file.write(start, to: dataset, rows: 0..<(shape.first ?? 0)) }
    }
  }

  /// The root alone changes the file, after looking whether the disk has room for what is added. Collective.
  func onRoot(adding bytes: Int, _ body: (HDF5File) throws -> Void) throws {
    try communicator.onRoot { () throws -> Void in
      guard RunFolder.isFile(path) else {
        throw RunFolderError.failed(path: path, what: "find", reason: "it, or its folder, was removed during the run")
      }
      try HDF5File.change(path, adding: bytes, body)
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
