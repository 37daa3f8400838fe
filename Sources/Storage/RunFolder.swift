import Glibc
import HDF5
import Parameters

/// Why a folder cannot take the files of a run.
package enum RunFolderError: InputError {
  /// The path, or a part of it, is there and is not a folder.
  case notFolder(String)
  /// The folder, or one above it, cannot be made.
  case notMade(folder: String, reason: String)
  /// Nothing can be written into the folder, or made in it.
  case notWritable(folder: String, reason: String)
  /// The folder holds a run that should not be lost.
  case holdsRun(folder: String, status: String)
  /// A file of a run cannot be removed, made or found.
  case failed(path: String, what: String, reason: String)

  /// One sentence for people, with the way out.
  package var description: String {
    switch self {
    case .notFolder(let path):
      "'\(path)' is not a folder; choose another with output.directory or --output"
    case .notMade(let folder, let reason):
      "cannot make the folder '\(folder)' (\(reason)); choose another with output.directory or --output"
    case .notWritable(let folder, let reason):
      "cannot write into the folder '\(folder)' (\(reason)); choose another with output.directory or --output"
    case .holdsRun(let folder, let status):
      "the folder '\(folder)' holds \(status); use --overwrite to replace it, or choose another with --output"
    case .failed(let path, let what, let reason):
      "cannot \(what) '\(path)' (\(reason))"
    }
  }
}

/// The folder with the files of one run. No function of it is collective: the root alone calls them.
package struct RunFolder: Sendable {
  /// The folder's path, without a slash at its end.
  package let path: String

  /// The folder at a path, which need not exist.
  package init(_ path: String) {
    var path = path.isEmpty ? "." : path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// The result file.
  package var result: String { path + "/run.h5" }
  /// The table of one row a time step.
  package var metrics: String { path + "/metrics.csv" }
  /// The newest checkpoint.
  package var checkpoint: String { path + "/checkpoint.gpa" }
  /// The checkpoint before the newest.
  package var previousCheckpoint: String { path + "/checkpoint.previous.gpa" }
  /// A checkpoint that is being written.
  package var temporaryCheckpoint: String { path + "/checkpoint.gpa.tmp" }
  /// The file that ends the run when it is put there.
  package var stop: String { path + "/STOP" }
  /// The beginning of the name of the folder in which ranks leave notes while a job does not go on.
  package var watchdog: String { path + "/watchdog" }
  /// What the console said.
  package var log: String { path + "/log.txt" }

  /// Throws a ``RunFolderError`` where the folder cannot take a new run: it is no folder, it or the nearest folder above
  /// that exists is not writable, or it holds a run that is over, or a result file that says nothing of its run, which
  /// `overwrite` allows to be lost. Makes and changes nothing.
  package func check(overwrite: Bool) throws {
    var folder = path
    while true {
      var status = stat()
      if stat(folder, &status) == 0 {
        guard status.st_mode & S_IFMT == S_IFDIR else { throw RunFolderError.notFolder(folder) }
        break
      }
      switch errno {
      case ENOENT: folder = Self.parent(of: folder)
      case ENOTDIR: folder = Self.parent(of: folder)
      default: throw RunFolderError.notWritable(folder: folder, reason: Self.reason())
      }
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw RunFolderError.notWritable(folder: folder, reason: Self.reason())
    }
    if !overwrite, folder == path, let status = heldRun() {
      throw RunFolderError.holdsRun(folder: path, status: status)
    }
  }

  /// Makes the folder, with those above it, where it does not exist yet; where one of them cannot be made, none is left.
  package func make() throws {
    var missing: [String] = [], folder = path
    var status = stat()
    while stat(folder, &status) != 0, errno == ENOENT {
      missing.append(folder)
      folder = Self.parent(of: folder)
    }
    var made: [String] = []
    for folder in missing.reversed() {
      if mkdir(folder, 0o777) == 0 {
        made.append(folder)
      } else if errno != EEXIST {
        let reason = Self.reason()
        for folder in made.reversed() { rmdir(folder) }
        throw RunFolderError.notMade(folder: folder, reason: reason)
      }
    }
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw RunFolderError.notFolder(path) }
  }

  /// Makes the folder and removes the files of an earlier run from it, and nothing else.
  package func prepare() throws {
    try make()
    for file in [result, result + ".tmp", metrics, checkpoint, previousCheckpoint, temporaryCheckpoint, log]
      + oldCheckpoints
    where unlink(file) != 0 && errno != ENOENT {
      throw RunFolderError.failed(path: file, what: "remove", reason: Self.reason())
    }
  }

  /// Removes what a killed job may have left beside the files of its run: half-made files, and notes of the watchdog.
  package func tidy() {
    for file in [result + ".tmp", temporaryCheckpoint] { unlink(file) }
    var found = glob_t()
    defer { globfree(&found) }
    // A path with characters of a pattern in it is left as it is.
    guard glob(watchdog + "-*", GLOB_NOSORT, nil, &found) == 0 else { return }
    for i in 0..<Int(found.gl_pathc) {
      guard let folder = found.gl_pathv[i] else { continue }
      var notes = glob_t()
      defer { globfree(&notes) }
      if glob(String(cString: folder) + "/*", GLOB_NOSORT, nil, &notes) == 0 {
        for j in 0..<Int(notes.gl_pathc) { if let note = notes.gl_pathv[j] { unlink(note) } }
      }
      rmdir(folder)
    }
  }

  /// Whether there is a result file that says nothing of its run, as a run leaves one that is killed while it writes.
  package var isHalfMade: Bool {
    guard Self.isFile(result) else { return false }
    return (try? RunFileReader(result).status) == nil
  }

  /// Whether there is something at a path.
  package static func isFile(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// How the run in the folder stands; nil where there is none, or its result file cannot be read.
  package var status: RunStatus? {
    (try? RunFileReader(result).status).flatMap(RunStatus.init)
  }

  /// The checkpoints of version 0.1.
  private var oldCheckpoints: [String] { ["checkpoint.h5", "checkpoint.previous.h5"].map { path + "/" + $0 } }

  /// A checkpoint of version 0.1, where there is no newer one.
  package var oldCheckpoint: String? { hasCheckpoint ? nil : oldCheckpoints.first(where: Self.isFile) }

  /// Whether there is a checkpoint, whole or not.
  package var hasCheckpoint: Bool { Self.isFile(checkpoint) || Self.isFile(previousCheckpoint) }

  /// The numbers of the last step in the result file; nil where there are none.
  package var lastMetrics: MetricsRow? { try? RunFileReader(result).lastMetrics() }

  /// What the result file in the folder is where it deserves protection, else nil.
  private func heldRun() -> String? {
    guard access(result, F_OK) == 0 else { return nil }
    guard let text = try? RunFileReader(result).status else { return "a run.h5 whose status cannot be read" }
    guard let status = RunStatus(rawValue: text) else { return "a run.h5 of the unknown status '\(text)'" }
    return status.isFinal ? "a run that has \(status.rawValue)" : nil
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    var parent = String(path[..<slash])
    while parent.hasSuffix("/") { parent.removeLast() }
    return parent.isEmpty ? "/" : parent
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
