import Storage

/// The particles of a result file, in the original space where it has them there.
struct MovedRows {
  private let reader: RunFileReader
  private let dataset: String
  /// The numbers of a row.
  let dimension: Int
  /// The numbers of a row in the space of the flow.
  let latentDimension: Int
  /// Whether transforms are undone.
  let isDecoded: Bool
  /// Whether numbers are stored as float64.
  let isDouble: Bool

  /// Opens the result file of a run.
  init(_ folder: RunFolder) throws {
    let reader = try RunFileReader(folder.result)
    try self.init(reader, try reader.has("decoded/particles") ? "decoded/particles" : "particles")
  }

  private init(_ reader: RunFileReader, _ dataset: String) throws {
    self.reader = reader
    self.dataset = dataset
    isDecoded = dataset != "particles"
    dimension = try reader.columns(of: dataset)
    latentDimension = try reader.columns(of: "particles")
    isDouble = try reader.isDouble(dataset)
  }

  /// The same in the space of the flow.
  var latent: MovedRows { get throws { try MovedRows(reader, "particles") } }

  /// The names of the columns, where they have names.
  var columnNames: [String]? { get throws { try reader.columnNames } }
  /// The names of the particles, where they have names.
  var rowNames: [String]? { get throws { try reader.particleNames } }
  /// The number of particles.
  var count: Int { get throws { try reader.rows(in: dataset) } }
  /// The resolved deck, the program's version and how the run ended.
  var deck: String { get throws { try reader.deck } }
  var version: String { get throws { try reader.version } }
  var status: String { get throws { try reader.status } }

  /// Some of the particles, or of the rows of another dataset, one after the other.
  func rows(_ rows: Range<Int>, of other: String? = nil) throws -> [Double] {
    try reader.rows(rows, of: other ?? dataset)
  }
}
