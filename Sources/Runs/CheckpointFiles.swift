import Glibc
import HDF5
import MessagePassing
import Numerics
import Storage

/// The checkpoints of a run folder: the newest, and the one before it.
///
/// A checkpoint is written under a temporary name, flushed to disk, read back and only then renamed, so that at every
/// moment one of the two files is whole. Every function is collective, and where it fails all ranks throw.
package struct CheckpointFiles {
  let folder: RunFolder
  let assembly: RunAssembly
  let deckText: String

  /// A matrix whose rows the ranks share.
  struct Rows {
    let name: String
    let matrix: Matrix
    let rows: Range<Int>
    let total: Int

    /// The checksum of this rank's rows.
    var checksum: UInt64 {
      Checksum.of(matrix.elements, count: rows.count * matrix.columns, from: rows.lowerBound * matrix.columns)
    }
  }

  /// The particles and those carried along.
  var matrices: [Rows] {
    var all = [
      Rows(
        name: "particles", matrix: assembly.ensemble.particles, rows: assembly.particles.rows,
        total: assembly.particles.blocks.rows)
    ]
    if let run = assembly.generated, let matrix = assembly.ensemble.generated {
      all.append(Rows(name: "generated", matrix: matrix, rows: run.rows, total: run.blocks.rows))
    }
    return all
  }

  var communicator: Communicator { assembly.communicator }

  /// The checkpoints of a run in its folder.
  package init(folder: RunFolder, assembly: RunAssembly) throws {
    self.folder = folder
    self.assembly = assembly
    deckText = try assembly.deck.text()
  }

  /// Stores a checkpoint in the place of the newest one, which becomes the previous one.
  func write(_ checkpoint: Checkpoint) throws {
    try assembly.requireSameState(step: checkpoint.step)
    let path = folder.temporaryCheckpoint
    do {
      try store(checkpoint, path)
      try CheckpointSeal(path: path, communicator: communicator).close()
      try communicator.together { try Self.flush(path) }
      // What the results hold by now has to outlive a machine as the checkpoint does. Every rank flushes what it wrote.
      try communicator.together {
        try Self.flush(folder.result)
        if communicator.isRoot { try Self.flush(folder.metrics, mayBeAbsent: true) }
      }
      if let damage = try damage(path) {
        try communicator.onRoot { () throws -> Void in throw CheckpointError.notAsWritten(file: path, what: damage) }
      }
    } catch {
      if communicator.isRoot { unlink(path) }
      throw error
    }
    try communicator.onRoot { () throws -> Void in
      // A second name for the newest one, so that there is one at every moment; some file systems can only rename.
      unlink(folder.previousCheckpoint)
      if link(folder.checkpoint, folder.previousCheckpoint) != 0 {
        try Self.rename(folder.checkpoint, to: folder.previousCheckpoint, mayBeAbsent: true)
      }
      try Self.rename(path, to: folder.checkpoint)
      try Self.flush(folder.path)
    }
  }

  /// Makes the file with the small arrays on the root, then has every rank write its rows.
  private func store(_ checkpoint: Checkpoint, _ path: String) throws {
    let matrices = matrices, sums = try matrices.map { try total($0.checksum) }
    try communicator.onRoot { () throws -> Void in
      let arrays = CheckpointArrays(assembly, step: checkpoint.step, time: checkpoint.time)
      let numbers = matrices.reduce(0) { $0 + $1.total * $1.matrix.columns }
      let doubles = CheckpointArrays.doubles.reduce(0) { $0 + arrays[keyPath: $1.path].count }
      let bytes = 4 * (numbers + arrays.trainer.parameters.count) + 8 * (doubles + 5 * checkpoint.metrics.count)
      try DiskRoom.require(bytes + deckText.utf8.count + DiskRoom.margin, for: path)
      let file = try HDF5File(creating: path)
      try write(Array(deckText.utf8), to: "deck", of: file)
      try write(arrays.trainer.parameters, to: CheckpointArrays.parameters, of: file)
      for (name, keyPath) in CheckpointArrays.doubles { try write(arrays[keyPath: keyPath], to: name, of: file) }
      try write(checkpoint.metricsValues, to: "metrics", of: file)
      for (rows, sum) in zip(matrices, sums) {
        try file.create(rows.name, shape: [rows.total, rows.matrix.columns], of: Float.self)
        try file.write(attribute: "checksum", value: Int64(bitPattern: sum), of: rows.name)
      }
      try file.write(attribute: "target", value: Int64(bitPattern: targetChecksum))
      try file.write(attribute: "version", text: version)
      try file.close()
    }
    let handle = communicator.size > 1 ? communicator.handle : nil
    let file = try communicator.together { try HDF5File(appending: path, on: handle) }
    let written = Result {
      try communicator.together {
        for rows in matrices { try file.write(rows.matrix.elements, to: rows.name, rows: rows.rows) }
      }
    }
    let closed = Result { try communicator.together { try file.close() } }
    try written.get()
    try closed.get()
  }

  private func write<T: ChecksummedNumber>(_ values: [T], to name: String, of file: HDF5File) throws {
    try file.write(values, to: name, shape: [values.count])
    try file.write(attribute: "checksum", value: Int64(bitPattern: Checksum.of(values)), of: name)
  }

  /// The sum of a number over all ranks.
  func total(_ part: UInt64) throws -> UInt64 { try communicator.gather(part).reduce(0, &+) }

  /// The checksum of the target set, which every rank can see.
  var targetChecksum: UInt64 { Checksum.of(assembly.targetSet.rows.elements, count: assembly.targetSet.rows.count) }

  /// What is wrong with a file that was just written; nil where it is whole.
  private func damage(_ path: String) throws -> String? {
    try agree { try CheckpointReader(self, path: path).check() }
  }

  /// The first rank's damage, on all ranks. A reader that communicates does so before it throws.
  func agree(_ body: () throws -> Void) throws -> String? {
    var text: String?
    do { try body() } catch let error as CheckpointDamage { text = error.description } catch let error as HDF5Error {
      text = error.description
    }
    guard let first = try communicator.gather(text == nil ? 0 as Int32 : 1).firstIndex(of: 1) else { return nil }
    return try communicator.broadcast(text ?? "", from: first)
  }

  /// Hands a file, or what a folder lists, to the disk.
  private static func flush(_ path: String, mayBeAbsent: Bool = false) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    let failed = descriptor < 0 || fsync(descriptor) != 0
    let reason = errno
    if descriptor >= 0 { close(descriptor) }
    // Some file systems cannot flush a folder.
    guard !failed || reason == EINVAL || (mayBeAbsent && reason == ENOENT) else {
      throw CheckpointError.failed(what: "flush", path: path, reason: String(cString: strerror(reason)))
    }
  }

  private static func rename(_ path: String, to new: String, mayBeAbsent: Bool = false) throws {
    guard Glibc.rename(path, new) != 0, !(mayBeAbsent && errno == ENOENT) else { return }
    throw CheckpointError.failed(what: "rename", path: path, reason: String(cString: strerror(errno)))
  }
}
