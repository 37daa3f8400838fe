import Glibc
import MessagePassing
import Numerics
import Parameters
import Storage

/// The checkpoints of a run folder: the newest, and the one before it.
///
/// A checkpoint is written under a temporary name, flushed to disk, read back and only then renamed, so that at every
/// moment one of the two files is whole. Every function is collective, and where it fails all ranks throw.
package final class Checkpoints {
  /// What a checkpoint is of: one can be continued only where these agree.
  package struct Identity {
    /// The resolved deck.
    let deck: Deck
    /// The keys that are `auto` in the deck as it was given: they differ where the data do.
    let automaticKeys: Set<String>
    /// The checksum of the target set.
    let target: UInt64

    package init(_ setup: Setup) {
      deck = setup.deck
      automaticKeys = setup.automaticKeys
      target = setup.targetChecksum
    }
  }

  private let folder: RunFolder
  private let identity: Identity
  private let communicator: Communicator

  /// The checkpoints of a run in its folder.
  package init(in folder: RunFolder, of identity: Identity, on communicator: Communicator) {
    self.folder = folder
    self.identity = identity
    self.communicator = communicator
  }

  /// Stores a checkpoint in the place of the newest one, which becomes the previous one.
  func write(_ snapshot: Snapshot) throws {
    let path = folder.temporaryCheckpoint
    do {
      try SnapshotFile.write(
        snapshot, fields: [("deck", identity.deck.text), ("version", version), ("target", "\(identity.target)")],
        to: path, on: communicator)
      // What the results hold by now has to outlive a machine as the checkpoint does. Every rank flushes what it wrote.
      try communicator.together {
        try Self.flush(folder.result)
        if communicator.isRoot {
          for file in [folder.metrics, folder.flow] { try Self.flush(file, mayBeAbsent: true) }
        }
      }
    } catch {
      if communicator.isRoot { unlink(path) }
      guard let damage = error as? SnapshotDamage else { throw error }
      try communicator.onRoot { () throws -> Void in
        throw CheckpointError.notAsWritten(file: path, what: damage.description)
      }
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

  /// The newest whole checkpoint, read into a snapshot of the run as it is now; nil where there is none at all. `warn` is
  /// told of damaged ones.
  package func load(into template: Snapshot, warn: (String) -> Void) throws -> Snapshot? {
    try communicator.onRoot { () throws -> Void in
      if let old = folder.oldCheckpoint { throw CheckpointError.otherVersion(file: old, found: "0.1") }
    }
    var damages: [String] = []
    for path in [folder.checkpoint, folder.previousCheckpoint] {
      guard try communicator.onRoot({ () throws -> Bool in RunFolder.isFile(path) }) else { continue }
      do {
        let file = try SnapshotFile.open(path, on: communicator)
        // The run comes first, as another one may have other sizes.
        try requireSameRun(file, path, template)
        let snapshot = try file.read(into: template)
        if path == folder.previousCheckpoint { warn("warning: continuing from the previous checkpoint, '\(path)'") }
        return snapshot
      } catch let damage as SnapshotDamage {
        warn("warning: \(damage)")
        damages.append(damage.description)
      }
    }
    try communicator.onRoot { () throws -> Void in
      guard damages.isEmpty else { throw CheckpointError.noneWhole(folder: folder.path, damages: damages) }
    }
    return nil
  }

  /// Throws where the newest whole checkpoint, if there is one, is of another program, deck or data.
  func requireSameRun(_ template: Snapshot) throws {
    for path in [folder.checkpoint, folder.previousCheckpoint] {
      guard try communicator.onRoot({ () throws -> Bool in RunFolder.isFile(path) }) else { continue }
      do {
        return try requireSameRun(try SnapshotFile.open(path, on: communicator), path, template)
      } catch is SnapshotDamage {}
    }
  }

  /// Throws on all ranks where a file is of another program, deck or data.
  private func requireSameRun(_ file: SnapshotFile, _ path: String, _ template: Snapshot) throws {
    try communicator.onRoot { () throws -> Void in
      let written = file.field("version") ?? ""
      guard written == version else { throw CheckpointError.otherVersion(file: path, found: written) }
      let keys = try identity.deck.keysThatMayNotDiffer(from: file.field("deck") ?? "")
      let given = keys.filter { !identity.automaticKeys.contains($0) }
      guard given.isEmpty else { throw CheckpointError.deckChanged(file: path, keys: given) }
      for rows in template.rows {
        guard let found = file.rows(of: rows.name), found != rows.total else { continue }
        let name = rows.name.split(separator: "/").last ?? ""
        throw CheckpointError.dataChanged(file: path, what: "the \(name), \(rows.total) in the place of \(found), are")
      }
      guard file.field("target") == "\(identity.target)" else {
        throw CheckpointError.dataChanged(file: path, what: "the target or the source samples are")
      }
      guard keys.isEmpty else { throw CheckpointError.deckChanged(file: path, keys: keys) }
    }
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
    guard Parameters.rename(path, new) != 0, !(mayBeAbsent && errno == ENOENT) else { return }
    throw CheckpointError.failed(what: "rename", path: path, reason: String(cString: strerror(errno)))
  }
}
