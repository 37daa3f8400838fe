import Glibc
import MessagePassing
import Numerics
import Parameters
import Samples

/// The rows that a recorded flow carries: new draws, rows of a file, or the run's own source.
struct StartRows {
  /// The rows, open on all ranks.
  let table: SharedTable
  /// How many of them are carried, from the first on.
  let count: Int
  /// What they are, for people and for comparison.
  let summary: String
  /// The class of every row, or of each of them, where the network has an output for each; empty elsewhere.
  private let labels: [Int32]
  /// What tells a file from the same one with other rows; empty for draws, and for the run's own source.
  let content: String
  /// What a user should know of how they were read; on the root.
  let notes: [String]

  /// Opens them. Collective; throws on all ranks alike.
  init(_ run: RecordedRun, _ options: GenerationOptions, on communicator: Communicator) throws {
    let deck = run.deck
    var status = stat()
    content =
      options.source.map { stat($0.file, &status) == 0 ? "\(status.st_size) \(status.st_mtim.tv_sec)" : "" } ?? ""
    var labels: [Int32] = []
    if !run.classes.isEmpty, !options.replays {
      labels = try communicator.together {
        guard let label = options.label, let number = run.classes.firstIndex(of: label) else {
          throw GenerationError.classNeeded(folder: run.folder.path, label: options.label, names: run.classes)
        }
        return [Int32(number)]
      }
    }
    if options.replays {
      let data = try OpenData(deck, folder: run.flow.folder, transforms: run.transforms, on: communicator),
        label = run.flow.label
      notes = data.notes
      let part = try communicator.together {
        guard let part = RunPart.all(of: data, deck).first(where: { $0.data.label == label }) else {
          throw GenerationError.sourceChanged(found: 0, needed: run.flow.sourceRows)
        }
        return part
      }
      table = part.data.sources[0]
      labels = part.data.outputs?.source ?? []
      summary = "the run's own source"
      try communicator.together { [table] in
        guard table.count == run.flow.sourceRows else {
          throw GenerationError.sourceChanged(found: table.count, needed: run.flow.sourceRows)
        }
      }
    } else if let source = options.source {
      let read = try Self.open(source.file, array: source.array, run, on: communicator)
      notes = read.notes
      let wanted = run.transforms.isNone ? run.dimension : run.transforms.originalDimension
      try communicator.together {
        guard read.dimension == wanted else {
          throw GenerationError.dimensions(file: source.file, found: read.dimension, needed: wanted)
        }
      }
      table = try run.transforms.apply(to: read, role: .source, on: communicator)
      summary = source.array.map { "\(source.file):\($0)" } ?? source.file
    } else {
      let seed = options.seed ?? deck.seed
      table = try communicator.together {
        if case .file(let file) = deck.source.origin { throw GenerationError.sourceNeeded(file: file.file) }
        guard let count = options.count,
          let table = try deck.source.newSamples(count: count, seed: UInt64(seed))
        else { throw GenerationError.noCount }
        return table
      }
      notes = []
      summary = "new draws of the run's sampler, seed \(seed)"
    }
    self.labels = labels
    let found = table.dimension, rows = table.count, name = summary
    count = options.count ?? rows
    try communicator.together { [count] in
      guard found == run.dimension else {
        throw GenerationError.dimensions(file: name, found: found, needed: run.dimension)
      }
      guard count <= rows else { throw GenerationError.tooFewRows(file: name, rows: rows, wanted: count) }
    }
  }

  /// The labels of some rows; nil where the network has one output for all.
  func labels(of rows: Range<Int>) -> RowLabels? {
    labels.isEmpty ? nil : RowLabels(rows.map { labels[$0 % labels.count] })
  }

  /// Opens a file whose columns are those of the run: by name where both have names, as the run took them.
  private static func open(
    _ path: String, array: String?, _ run: RecordedRun, on communicator: Communicator
  ) throws -> SharedTable {
    var file = SampleFile()
    file.file = path
    file.array = array
    if case .file(let own) = run.deck.source.origin { file.header = own.header }
    func open() throws -> SharedTable {
      try SampleSource(file, embed: run.deck.source.embed).open(role: .source, seed: 0, folder: "", on: communicator)
    }
    guard let names = run.columnNames else { return try open() }
    file.columns = names.map { .name($0) }
    do { return try open() } catch let error as AgreedError {
      // Columns without names are taken by number.
      let isNameless: Bool
      if case .namelessColumns = error.cause as? SampleError { isNameless = true } else { isNameless = false }
      guard try communicator.onRoot({ isNameless }) else { throw error }
    }
    file.columns = nil
    return try open()
  }
}
