import Glibc
import HDF5
import Parameters

/// What a run folder holds, and whose it is. A run's files are told by their content and not by their names alone, as what no
/// run has written may not be lost.
extension RunFolder {
  /// Throws a ``RunFolderError`` where a file has a name that a run uses and is none that a run wrote. Nothing is lost with one
  /// that is empty or holds zeros alone, as machines leave them that go down.
  package func requireOwnFiles() throws {
    let files = [result, flow, metrics, log] + checkpoints + oldCheckpoints + temporaries + finalTables
    let strangers = files.filter { isThere($0) && origin(of: $0) == .unknown }
    guard let first = strangers.first else { return }
    // What cannot be told any more by its content, as its beginning is damaged, is a run's beside others of the run.
    let isRunFolder = ([result] + checkpoints).contains { origin(of: $0) == .run }
    guard let stranger = isRunFolder ? strangers.first(where: { $0 == metrics || $0 == log }) : first else { return }
    throw RunFolderError.notOurs(path: stranger)
  }

  /// What is in the folder that could be continued, or was not meant to be lost; nil where nothing is.
  package var held: String? {
    if isThere(result) {
      guard let text = storedStatus else { return "a run.h5 whose status cannot be read" }
      guard let status = RunStatus(rawValue: text) else { return "a run.h5 of the unknown status '\(text)'" }
      return status.isFinal ? "a run that has \(status.rawValue)" : "an unfinished run"
    }
    return (checkpoints + oldCheckpoints).first(where: isThere).map { "'\($0)', a checkpoint of a run" }
  }

  private enum Origin {
    /// A run wrote it.
    case run
    /// Nothing is in it.
    case nothing
    /// Who wrote it cannot be told.
    case unknown
  }

  private func origin(of path: String) -> Origin {
    guard let head = Self.head(of: path) else { return .unknown }
    if head.allSatisfy({ $0 == 0 }) { return .nothing }
    func begins(with text: String) -> Bool { head.starts(with: text.utf8) }
    switch path {
    case log:
      let isHeader = begins(with: "gpa-mpi ") && head.dropFirst(8).first.map { 48...57 ~= $0 } == true
      return isHeader || begins(with: "gpa-mpi: watchdog: ") ? .run : .unknown
    case metrics:
      let first = "step,time,divergence"
      return begins(with: first) || first.utf8.starts(with: head) ? .run : .unknown
    case result:
      guard head.starts(with: Self.signature) else { return .unknown }
      guard let reader = try? RunFileReader(result) else { return .run }
      return (try? reader.deck) != nil && (try? reader.status) != nil ? .run : .unknown
    case flow:
      guard head.starts(with: Self.signature) else { return .unknown }
      guard let file = try? HDF5File(reading: path) else { return .run }
      return (try? file.text(attribute: "integrator")) != nil ? .run : .unknown
    case temporaryResult, temporaryFlow:
      guard head.starts(with: Self.signature) else { return .unknown }
      // Half made, it can mostly not be opened; if it can, what it is of was written first.
      guard let file = try? HDF5File(reading: path), let isNamed = try? file.hasAttribute("deck"),
        let datasets = try? file.datasets()
      else { return .run }
      return isNamed || datasets.isEmpty ? .run : .unknown
    case checkpoint, previousCheckpoint, temporaryCheckpoint: return SnapshotHeader.begins(head) ? .run : .unknown
    // Nothing tells a checkpoint of version 0.1 from another HDF5 file but the files beside it.
    default: return .unknown
    }
  }

  /// The first bytes of HDF5 files.
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The first bytes of a file; nil where it is no file, or cannot be read.
  private static func head(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat(), bytes = [UInt8](repeating: 0, count: 4096)
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let count = pread(file, &bytes, bytes.count, 0)
    return count < 0 ? nil : Array(bytes.prefix(count))
  }

  /// Whether a name is taken, by whatever it be.
  private func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Throws a ``RunFolderError`` where a file that a restart changes cannot be written.
  package func requireWritableFiles() throws {
    for path in [result, flow, metrics] where isThere(path) {
      let file = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
      guard file >= 0 else {
        throw RunFolderError.fileNotWritable(path: path, reason: String(cString: strerror(errno)))
      }
      close(file)
    }
  }

  /// Gives a result file that cannot be read another name, so that nothing of it is lost; returns that.
  package func setAsideResult() throws -> String {
    var name = result + ".damaged", number = 1
    while isThere(name) {
      number += 1
      name = result + ".damaged-\(number)"
    }
    guard rename(result, name) == 0 else {
      throw RunFolderError.failed(path: result, what: "rename", reason: String(cString: strerror(errno)))
    }
    return name
  }
}
