import Glibc
import HDF5
import Samples
import Storage

/// The moved rows in the form in which the sources came: an `.h5ad` of a source with its rows' new values beside all that it
/// holds, or a table of text under the names of rows and columns. Made at the end of a run from its result file; of the root.
struct ResultTables {
  /// Some of a run's particles, and where they stood.
  struct Part {
    /// Which of the run's particles they are.
    let particles: Range<Int>
    /// The places of these among the rows of the file.
    let places: [Int]
  }

  /// A file of AnnData, with the sources that are rows of the same array of it.
  private struct Source {
    let path: String
    let array: String?
    var parts: [Part]
  }

  private var sources: [Source] = []
  private let hasTable: Bool
  private let targetPath: String?
  private let targetPlaces: [Int], heldOutPlaces: [Int]
  private let deck: Deck
  private let folder: String

  /// What a run of a deck in `folder` has to make of its sources; with open data, on the root.
  init(_ data: OpenData, _ deck: Deck, folder: String) {
    self.deck = deck
    self.folder = folder
    targetPath = deck.target.place(in: folder)?.path
    targetPlaces = data.target.sourceRows ?? []
    heldOutPlaces = data.heldOut?.sourceRows ?? []
    var first = 0, isTable = false
    let hasNames = data.names.columns != nil
    for (source, table) in zip([deck.source] + deck.furtherSources, data.sources) {
      let particles = first..<first + table.ownCount
      first += table.ownCount
      guard let (path, array) = source.place(in: folder), let places = table.sourceRows else { continue }
      if AnnDataResult.isMeant(by: path), AnnDataResult.kind(of: array) != .other {
        let part = Part(particles: particles, places: places)
        if let known = sources.firstIndex(where: { $0.path == path && $0.array == array }) {
          sources[known].parts.append(part)
        } else if sources.count < RunFolder.mostAnnotated {
          sources.append(Source(path: path, array: array, parts: [part]))
        }
      } else if hasNames, source.isText(in: folder) {
        isTable = true
      }
    }
    hasTable = isTable && sources.isEmpty
  }

  /// Whether a file is to be made that is not there.
  func lacks(in run: RunFolder) -> Bool {
    sources.indices.contains { !RunFolder.isFile(run.annotated($0)) } || hasTable && !RunFolder.isFile(run.table)
  }

  /// Makes the files of a run that is over; what is to be said of them, for people.
  func write(in run: RunFolder) throws -> [String] {
    let result = try MovedRows(run)
    if hasTable {
      try TextTable.write(result, to: run.table)
      return ["moved rows by name: \(run.table)"]
    }
    return try sources.indices.map { number in
      let path = run.annotated(number), source = sources[number]
      do {
        let matrices = try write(source, result, to: path)
        return "\(source.path) with \(matrices.joined(separator: ", ")): \(path)"
      } catch let error as SampleError {
        unlink(path + ".tmp")
        return "no \(path): \(error)"
      }
    }
  }

  private func write(_ source: Source, _ result: MovedRows, to path: String) throws -> [String] {
    let half = path + ".tmp"
    try ByteFile.copy(source.path, to: half)
    let file = try AnnDataResult(copy: half, of: source.path)
    let isOfColumns = AnnDataResult.kind(of: source.array) == .ofColumns
    let hasTarget = targetPath.map { Self.isSame($0, source.path) } ?? false
    var said: [String] = []
    if isOfColumns {
      let columns = file.columnPlaces(try result.columnNames, count: result.dimension)
      let targets = hasTarget ? try targetAsRead(file, .layer, columns: try result.columnNames) : []
      try file.add(.layer, targets + rows(of: source, result, columns: columns), isDouble: result.isDouble)
      said.append("layers[\"gpa\"]")
    }
    if !isOfColumns || result.latentDimension != result.dimension {
      let latent = isOfColumns ? try result.latent : result
      let matrix = AnnDataResult.Matrix.embedding(columns: latent.dimension)
      var targets: [AnnDataResult.Rows] = []
      if hasTarget {
        targets =
          isOfColumns || !result.isDecoded
          ? [("target", targetPlaces), ("held_out", heldOutPlaces)].map { dataset, places in
            AnnDataResult.Rows(places: places) { try latent.rows($0, of: dataset) }
          } : try targetAsRead(file, matrix, columns: nil)
      }
      try file.add(matrix, targets + rows(of: source, latent, columns: nil), isDouble: result.isDouble)
      said.append("obsm[\"X_gpa\"]")
    }
    try file.describe([
      ("program", "gpa-mpi"), ("version", try result.version), ("status", try result.status), ("deck", try result.deck),
      ("array", source.array ?? "X"),
    ])
    try file.close()
    guard rename(half, path) == 0 else {
      throw RunFolderError.failed(path: path, what: "make", reason: String(cString: strerror(errno)))
    }
    return said
  }

  private func rows(of source: Source, _ result: MovedRows, columns: [Int?]?) -> [AnnDataResult.Rows] {
    source.parts.map { part in
      AnnDataResult.Rows(places: part.places, columns: columns) { rows in
        try result.rows(rows.lowerBound + part.particles.lowerBound..<rows.upperBound + part.particles.lowerBound)
      }
    }
  }

  /// The targets as they were read, which stand in the same file; of `names` only these columns.
  private func targetAsRead(
    _ file: AnnDataResult, _ matrix: AnnDataResult.Matrix, columns names: [String]?
  ) throws -> [AnnDataResult.Rows] {
    let table = try deck.target.open(role: .target, seed: UInt64(deck.seed), folder: folder)
    guard let places = table.sourceRows else { return [] }
    let columns = matrix == .layer ? file.columnPlaces(table.columnNames, count: table.columns) : nil
    let moved = names.map(Set.init)
    let kept = columns.map { columns in
      columns.indices.map { place in
        guard let moved, let name = table.columnNames?[place] else { return columns[place] }
        return moved.contains(name) ? columns[place] : nil
      }
    }
    let width = table.columns
    return [
      AnnDataResult.Rows(places: places, columns: kept) { rows in
        [Double](unsafeUninitializedCapacity: rows.count * width) { memory, count in
          if let start = memory.baseAddress {
            for (index, row) in rows.enumerated() { table.read(row, into: start + index * width) }
          }
          count = rows.count * width
        }
      }
    ]
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    var a = stat(), b = stat()
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }
}
