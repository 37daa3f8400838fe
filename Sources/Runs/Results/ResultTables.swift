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

    /// The places of some of the particles.
    func places(of rows: Range<Int>) -> ArraySlice<Int> {
      places[rows.lowerBound - particles.lowerBound..<rows.upperBound - particles.lowerBound]
    }
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
      try file.add(.layer, isDouble: result.isDouble)
      if hasTarget { try writeTarget(to: file, .layer, columns: try result.columnNames) }
      for part in source.parts {
        try result.forEachChunk(of: part.particles) { numbers, rows in
          try file.write(numbers, at: part.places(of: rows), columns: columns, to: .layer)
        }
      }
      said.append("layers[\"gpa\"]")
    }
    if !isOfColumns || result.latentDimension != result.dimension {
      let latent = isOfColumns ? try result.latent : result
      let matrix = AnnDataResult.Matrix.embedding(columns: latent.dimension)
      try file.add(matrix, isDouble: result.isDouble)
      if hasTarget {
        if isOfColumns || !result.isDecoded {
          for (dataset, places) in [("target", targetPlaces), ("held_out", heldOutPlaces)] {
            try latent.forEachChunk(of: 0..<places.count, dataset: dataset) { numbers, rows in
              try file.write(numbers, at: places[rows], to: matrix)
            }
          }
        } else {
          try writeTarget(to: file, matrix, columns: nil)
        }
      }
      for part in source.parts {
        try latent.forEachChunk(of: part.particles) { numbers, rows in
          try file.write(numbers, at: part.places(of: rows), to: matrix)
        }
      }
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

  /// Writes the targets as they were read, which stand in the same file.
  private func writeTarget(to file: AnnDataResult, _ matrix: AnnDataResult.Matrix, columns names: [String]?) throws {
    let table = try deck.target.open(role: .target, seed: UInt64(deck.seed), folder: folder)
    guard let places = table.sourceRows else { return }
    let columns = matrix == .layer ? file.columnPlaces(table.columnNames, count: table.columns) : nil
    // Only those columns that the flow moved.
    let moved = names.map(Set.init)
    let kept = columns.map { columns in
      columns.indices.map { place in
        guard let moved, let name = table.columnNames?[place] else { return columns[place] }
        return moved.contains(name) ? columns[place] : nil
      }
    }
    var numbers = [Double](repeating: 0, count: table.columns)
    for (row, place) in places.enumerated() {
      numbers.withUnsafeMutableBufferPointer { memory in
        if let start = memory.baseAddress { table.read(row, into: start) }
      }
      try file.write(numbers, at: [place], columns: kept, to: matrix)
    }
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    var a = stat(), b = stat()
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }
}
