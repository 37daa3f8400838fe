import MessagePassing
import Numerics

/// The rows and columns that the root found in a file.
private struct Shape: BitwiseCopyable {
  let rows: Int
  let columns: Int
}

extension SampleSource {
  /// Opens the rows: the root reads the file once, and all ranks learn what is wrong with it in one message. Collective.
  ///
  /// Paths that are not absolute start in `folder`. Throws an `AgreedError` whose cause is a ``SampleError`` or an error of
  /// the HDF5 library.
  package func open(
    role: Role, seed: UInt64, folder: String, on communicator: Communicator
  ) throws -> SharedTable {
    guard case .file = origin else { return try open(role: role, seed: seed, folder: folder) }
    var table: SharedTable?
    let shape = try communicator.onRoot {
      let found = try open(role: role, seed: seed, folder: folder)
      table = found
      return Shape(rows: found.count, columns: found.columns)
    }
    return table ?? SharedTable(nil, rows: shape.rows, columns: shape.columns, embed: embed)
  }

  /// So many new rows of the sampler, independent of those of a run; nil for the rows of a file. Throws a ``SampleError``.
  package func newSamples(count: Int, seed: UInt64) throws -> SharedTable? {
    guard case .sampler(let sampler, _) = origin else { return nil }
    let dimension = max(embed?.dimension ?? 0, sampler.dimension)
    guard count <= Self.mostNumbers / dimension else {
      throw SampleError.tooManyRows(count: count, dimension: dimension)
    }
    return SharedTable(
      sampler, count: count, numbers: RandomNumbers(seed: seed, purpose: .newSamples), embed: embed)
  }

  /// Opens the rows in one process without MPI, as ``open(role:seed:folder:on:)`` does on the root.
  package func open(role: Role, seed: UInt64, folder: String) throws -> SharedTable {
    switch origin {
    case .sampler(let sampler, let count):
      return SharedTable(
        sampler, count: count, numbers: RandomNumbers(seed: seed, purpose: role.drawing), embed: embed)
    case .file(let file):
      let table = try file.read(folder: folder, selection: RandomNumbers(seed: seed, purpose: role.selection))
      if let embed, embed.dimension < table.columns {
        throw SampleError.embedding(file: table.file, columns: table.columns, dimension: embed.dimension)
      }
      if let embed, table.rows > Self.mostNumbers / embed.dimension {
        throw SampleError.wrongShape(
          file: table.file, shape: [table.rows, embed.dimension], reason: "embed makes it larger than 4 TiB")
      }
      return SharedTable(table, rows: table.rows, columns: table.columns, embed: embed)
    }
  }
}
