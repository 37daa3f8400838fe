import HDF5
import MessagePassing
import Numerics
import Storage

/// Reads a checkpoint of a run and checks all of it.
struct CheckpointReader {
  private let files: CheckpointFiles
  private let path: String

  init(_ files: CheckpointFiles, path: String) {
    self.files = files
    self.path = path
  }

  /// A checkpoint as found in a file.
  struct Found {
    let checkpoint: Checkpoint
    let arrays: CheckpointArrays
  }

  /// Reads the file, and the particles into the run's own matrices. Collective; a rank on which something is damaged throws
  /// after all communication. A changed deck is thrown on all.
  func load() throws -> Found {
    // The run comes first, as another one may have other sizes.
    try requireSameRun()
    return try agreed(Result { try readArrays() }, Result { try readRows(keepsRows: true) })
  }

  /// Checks a file that this run has just written, in parts, so that it needs little memory. Collective; a rank on which
  /// something is damaged throws after all communication.
  func check() throws {
    try agreed(
      Result { if files.communicator.isRoot { try checkArrays() } }, Result { try readRows(keepsRows: false) })
  }

  /// What was read of the arrays, where the rows of all ranks together are those stored. Collective.
  private func agreed<T>(_ arrays: Result<T, any Error>, _ rows: Result<[RowSums], any Error>) throws -> T {
    let sums = try files.matrices.indices.map { i in try files.total((try? rows.get())?[i].own ?? 0) }
    let found = try arrays.get()
    for (i, rows) in try rows.get().enumerated() where rows.stored != sums[i] {
      throw CheckpointDamage(description: "\(path): the dataset '\(files.matrices[i].name)' is damaged")
    }
    return found
  }

  /// Throws on all ranks where a file is of another program, deck or data. Collective.
  private func requireSameRun() throws {
    try files.communicator.onRoot { () throws -> Void in
      // What cannot be read is found damaged by whoever needs it.
      guard let file = try? HDF5File(reading: path), let written = try? file.text(attribute: "version"),
        let deck: [UInt8] = try? read("deck", of: file),
        let target: [Int64] = try? file.values(attribute: "target")
      else { return }
      guard written == version else { throw CheckpointError.otherVersion(file: path, found: written) }
      let keys = DeckDifference.keys(String(decoding: deck, as: UTF8.self), files.deckText)
      // What is left to the data differs where the data do.
      let given = keys.filter { !files.assembly.automaticKeys.contains($0) }
      guard given.isEmpty else { throw CheckpointError.deckChanged(file: path, keys: given) }
      guard target == [Int64(bitPattern: files.targetChecksum)] else {
        throw CheckpointError.dataChanged(file: path, what: "the target samples are")
      }
      for rows in files.matrices {
        guard let found = try? file.shape(of: rows.name).first, found != rows.total else { continue }
        throw CheckpointError.dataChanged(
          file: path, what: "the \(rows.name), \(rows.total) in the place of \(found), are")
      }
      guard keys.isEmpty else { throw CheckpointError.deckChanged(file: path, keys: keys) }
    }
  }

  private func readArrays() throws -> Found {
    let file = try HDF5File(reading: path)
    let _: [UInt8] = try read("deck", of: file)
    var arrays = CheckpointArrays(files.assembly, step: 0, time: 0)
    arrays.trainer.parameters = try read(
      CheckpointArrays.parameters, of: file, count: arrays.trainer.parameters.count)
    for (name, keyPath) in CheckpointArrays.doubles {
      arrays[keyPath: keyPath] = try read(name, of: file, count: arrays[keyPath: keyPath].count)
    }
    let metrics: [Double] = files.communicator.isRoot ? try read("metrics", of: file) : []
    if files.communicator.isRoot { try checkTarget(of: file) }
    guard let step = Int(exactly: arrays.progress[0]), step > 0 else {
      throw CheckpointDamage(description: "\(path): the dataset 'progress' is damaged")
    }
    let checkpoint = Checkpoint(step: step, time: arrays.progress[1], metrics: Checkpoint.metrics(of: metrics))
    return Found(checkpoint: checkpoint, arrays: arrays)
  }

  /// The same arrays one after the other, to keep none.
  private func checkArrays() throws {
    let file = try HDF5File(reading: path)
    let _: [UInt8] = try read("deck", of: file)
    let _: [Float] = try read(CheckpointArrays.parameters, of: file)
    for name in CheckpointArrays.doubles.map(\.name) + ["metrics"] { let _: [Double] = try read(name, of: file) }
    try checkTarget(of: file)
  }

  private func checkTarget(of file: HDF5File) throws {
    let stored: [Int64] = try file.values(attribute: "target")
    guard stored == [Int64(bitPattern: files.targetChecksum)] else {
      throw CheckpointDamage(description: "\(path): the checksum of the target samples is damaged")
    }
  }

  /// The checksum of a matrix as stored, and that of this rank's rows as read.
  private typealias RowSums = (stored: UInt64, own: UInt64)

  private func readRows(keepsRows: Bool) throws -> [RowSums] {
    let file = try HDF5File(reading: path)
    return try files.matrices.map { rows in
      let columns = rows.matrix.columns, shape = try file.shape(of: rows.name)
      guard shape == [rows.total, columns] else {
        throw CheckpointDamage(
          description: "\(path): the dataset '\(rows.name)' has the shape \(shape), not \([rows.total, columns])")
      }
      let stored = try checksum(of: rows.name, in: file)
      if keepsRows {
        try file.read(rows.name, rows: rows.rows, into: rows.matrix.elements)
        return (stored, rows.checksum)
      }
      var own: UInt64 = 0
      let step = max(1, (1 << 20) / max(columns, 1))
      let part = Matrix(rows: min(step, rows.rows.count), columns: columns)
      for first in stride(from: rows.rows.lowerBound, to: rows.rows.upperBound, by: step) {
        let range = first..<min(first + step, rows.rows.upperBound)
        try file.read(rows.name, rows: range, into: part.elements)
        own &+= Checksum.of(part.elements, count: range.count * columns, from: first * columns)
      }
      return (stored, own)
    }
  }

  private func read<T: ChecksummedNumber>(_ name: String, of file: HDF5File, count: Int? = nil) throws -> [T] {
    let values: [T] = try file.values(of: name)
    let stored = try checksum(of: name, in: file)
    guard count ?? values.count == values.count, Checksum.of(values) == stored else {
      throw CheckpointDamage(description: "\(path): the dataset '\(name)' is damaged")
    }
    return values
  }

  private func checksum(of name: String, in file: HDF5File) throws -> UInt64 {
    let stored: [Int64] = try file.values(attribute: "checksum", of: name)
    return stored.first.map { UInt64(bitPattern: $0) } ?? 0
  }
}

extension CheckpointFiles {
  /// Puts the run into the state of the newest whole checkpoint; nil where there is none at all. `warn` is told of
  /// damaged ones.
  package func load(warn: (String) -> Void) throws -> Checkpoint? {
    var damages: [String] = []
    for path in [folder.checkpoint, folder.previousCheckpoint] {
      guard try communicator.onRoot({ () throws -> Bool in RunFolder.isFile(path) }) else { continue }
      var found: CheckpointReader.Found?
      let seal = CheckpointSeal(path: path, communicator: communicator)
      let damage = try seal.damage() ?? agree { found = try CheckpointReader(self, path: path).load() }
      if let damage {
        warn("warning: \(damage)")
        damages.append(damage)
      } else if let found {
        found.arrays.restore(assembly)
        if path == folder.previousCheckpoint { warn("warning: continuing from the previous checkpoint, '\(path)'") }
        return found.checkpoint
      }
    }
    try communicator.onRoot { () throws -> Void in
      guard damages.isEmpty else { throw CheckpointError.noneWhole(folder: folder.path, damages: damages) }
    }
    return nil
  }
}
