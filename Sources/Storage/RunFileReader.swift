import HDF5

/// Reads a run.h5, of a run that is over or goes on. For one process; throws an `HDF5Error` where the file cannot be read
/// or is none of a run.
package struct RunFileReader {
  let file: HDF5File

  /// Opens a file.
  package init(_ path: String) throws { file = try HDF5File(reading: path) }

  /// How the run stands, as the file says it; it may be a word that no version of this program writes.
  package var status: String { get throws { try file.text(attribute: "status") } }

  /// The resolved deck.
  package var deck: String { get throws { try file.text(attribute: "deck") } }

  /// The version of the program that made it.
  package var version: String { get throws { try file.text(attribute: "version") } }

  /// The names of the columns; nil where the input had none.
  package var columnNames: [String]? {
    get throws {
      let path = RunSchema.columnNames.path
      return try file.exists(path) ? try file.texts(of: path) : nil
    }
  }

  /// Whether there is a dataset of this path.
  package func has(_ dataset: String) throws -> Bool { try file.exists(dataset) }

  /// The particles of the first frame, which is their start, row after row, and how many there are; nil without a frame.
  package func start() throws -> (numbers: [Double], particles: Int, dimension: Int)? {
    let shape = try file.shape(of: RunSchema.frames.path)
    guard shape.count == 3, shape[0] > 0, try file.int64s(of: RunSchema.frameSteps.path, from: 0, rows: 1) == [0] else {
      return nil
    }
    return (try file.doubles(of: RunSchema.frames.path, from: 0, rows: 1), shape[1], shape[2])
  }

  /// The step after which the final state was, where the run ended with an earlier one than its last; nil elsewhere.
  package var bestStep: Int? {
    get throws {
      guard try file.hasAttribute(RunSchema.bestStep) else { return nil }
      return try file.values(attribute: RunSchema.bestStep, as: Int64.self).first.map(Int.init)
    }
  }

  /// The first particles as they were at the start, at most so many, row after row; none where the file lacks them.
  package func start(atMost most: Int) throws -> [Double] {
    let path = RunSchema.frames.path, shape = try file.shape(of: path)
    guard shape.count == 3, shape[0] > 0, try file.int64s(of: RunSchema.frameSteps.path, from: 0, rows: 1) == [0] else {
      return []
    }
    let rows = min(most, shape[1])
    var numbers = [Double](repeating: 0, count: rows * shape[2])
    try numbers.withUnsafeMutableBufferPointer { memory in
      if let start = memory.baseAddress, rows > 0 { try file.read(path, rows: 0..<rows, frame: 0, into: start) }
    }
    return numbers
  }

  /// The numbers of the last step; nil where there are none.
  package func lastMetrics() throws -> MetricsRow? {
    guard let rows = try file.shape(of: RunSchema.metricsSteps.path).first, rows > 0 else { return nil }
    let group = RunSchema.metrics.path
    let columns = try file.datasets().filter { $0.hasPrefix(group) && $0 != RunSchema.metricsSteps.path }
    let steps = try file.int64s(of: RunSchema.metricsSteps.path, from: rows - 1, rows: 1)
    let values = try columns.flatMap { try file.doubles(of: $0, from: rows - 1, rows: 1) }
    guard let step = steps.first, values.count == columns.count else { return nil }
    return MetricsRow(step: Int(step), columns: columns.map { String($0.dropFirst(group.count)) }, values: values)
  }

  /// The rows of the first steps, at most so many, as far as the file has all of their columns.
  func metrics(_ columns: [String], first most: Int) throws -> [MetricsRow] {
    let paths = [RunSchema.metricsSteps.path] + RunSchema.metrics(columns)
    let count = min(most, try paths.map { try file.shape(of: $0).first ?? 0 }.min() ?? 0)
    let steps = try file.int64s(of: RunSchema.metricsSteps.path, from: 0, rows: count)
    let values = try RunSchema.metrics(columns).map { try file.doubles(of: $0, from: 0, rows: count) }
    return steps.indices.prefix { steps[$0] == Int64($0) + 1 }.map { i in
      MetricsRow(step: i + 1, columns: columns, values: values.map { $0[i] })
    }
  }
}

/// What the makers of further files ask for.
extension RunFileReader {
  /// The names of the particles; nil where the input had none.
  package var particleNames: [String]? {
    get throws {
      let path = RunSchema.particleNames.path
      return try file.exists(path) ? try file.texts(of: path) : nil
    }
  }

  /// The folder in which the deck's relative paths start; empty where it is not known.
  package var deckFolder: String {
    get throws { try file.hasAttribute("folder") ? try file.text(attribute: "folder") : "" }
  }

  /// The labels of particles and targets; nil where one of the two has none.
  package var labels: (particles: [String], target: [String])? {
    get throws {
      let paths = [RunSchema.particleLabels.path, RunSchema.targetLabels.path]
      guard try paths.allSatisfy({ try file.exists($0) }) else { return nil }
      return (try file.texts(of: paths[0]), try file.texts(of: paths[1]))
    }
  }

  /// The texts of those root attributes that there are.
  package func texts(ofAttributes names: [String]) throws -> [(name: String, text: String)] {
    try names.filter { try file.hasAttribute($0) }.map { ($0, try file.text(attribute: $0)) }
  }

  /// The texts of a dataset; nil where there is none.
  package func texts(of dataset: String) throws -> [String]? {
    try file.exists(dataset) ? try file.texts(of: dataset) : nil
  }

  /// The number of rows of a dataset.
  package func rows(in dataset: String) throws -> Int { try file.shape(of: dataset).first ?? 0 }

  /// The numbers of a row of a dataset.
  package func columns(of dataset: String) throws -> Int { try file.shape(of: dataset).dropFirst().reduce(1, *) }

  /// Whether the numbers of a dataset are float64.
  package func isDouble(_ dataset: String) throws -> Bool { try file.elements(of: dataset) == .floats(bytes: 8) }

  /// Some rows of a dataset, one after the other.
  package func rows(_ rows: Range<Int>, of dataset: String) throws -> [Double] {
    try file.doubles(of: dataset, from: rows.lowerBound, rows: rows.count)
  }
}
