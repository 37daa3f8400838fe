import Glibc
import Parameters

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
  /// The recorded flow.
  package var flow: String { path + "/flow.h5" }
  /// Where new samples lie that no other place is named for.
  package var generated: String { path + "/generated.npy" }
  /// The newest checkpoint.
  package var checkpoint: String { path + "/checkpoint.gpa" }
  /// The checkpoint before the newest.
  package var previousCheckpoint: String { path + "/checkpoint.previous.gpa" }
  /// A checkpoint that is being written.
  package var temporaryCheckpoint: String { path + "/checkpoint.gpa.tmp" }
  /// The folder with the folders of the flows of a run of several.
  package var flows: String { path + "/flows" }
  /// The file that ends the run when it is put there.
  package var stop: String { path + "/STOP" }
  /// The beginning of the name of the folder in which ranks leave notes while a job does not go on.
  package var watchdog: String { path + "/watchdog" }
  /// What the console said.
  package var log: String { path + "/log.txt" }
  /// The table of moved rows, where the source was a table of text with names.
  package var table: String { path + "/result.csv" }
  /// The sources' own files with their moved rows beside all that they hold; `number` from 0 tells several sources apart.
  package func annotated(_ number: Int) -> String {
    path + (number == 0 ? "/result.h5ad" : "/result-\(number + 1).h5ad")
  }
  /// The file that is locked while a job works in the folder.
  package var mark: String { path + "/in-use" }
  /// A result file that is being made.
  var temporaryResult: String { result + ".tmp" }
  /// A recorded flow that is being made.
  var temporaryFlow: String { flow + ".tmp" }
  /// What a killed job may leave half made.
  var temporaries: [String] {
    [temporaryResult, temporaryFlow, temporaryCheckpoint] + finalTables.map { $0 + ".tmp" }
  }
  /// The files with moved rows that a run may make at its end.
  var finalTables: [String] { [table] + (0..<Self.mostAnnotated).map(annotated) }
  /// More sources than this have no such file each.
  package static let mostAnnotated = 64
  /// The checkpoints, newest first.
  var checkpoints: [String] { [checkpoint, previousCheckpoint] }
  /// The checkpoints of version 0.1.
  var oldCheckpoints: [String] { ["checkpoint.h5", "checkpoint.previous.h5"].map { path + "/" + $0 } }

  /// Whether a name in the folder is that of a run's file.
  package func owns(_ name: String) -> Bool {
    ([result, flow, metrics, log, stop, mark] + checkpoints + oldCheckpoints + temporaries + finalTables)
      .contains(path + "/" + name)
  }

  /// Throws a ``RunFolderError`` where the folder cannot take a new run: where ``requirePlace()`` or ``requireOwnFiles()`` do,
  /// or it holds a run, which `overwrite` allows to be lost. Makes and changes nothing.
  package func check(overwrite: Bool) throws {
    try requirePlace()
    try requireOwnFiles()
    if !overwrite, let held { throw RunFolderError.holdsRun(folder: path, what: held) }
  }

  /// Throws a ``RunFolderError`` where it is no folder, or it or the nearest folder above that exists is not writable.
  package func requirePlace() throws {
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
  }

  /// Whether it is there, and nothing can be made in it.
  package var isReadOnly: Bool { Self.isFile(path) && access(path, W_OK | X_OK) != 0 }

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
    for file in [result, flow, metrics, log] + checkpoints + oldCheckpoints + temporaries + finalTables
    where unlink(file) != 0 && errno != ENOENT {
      throw RunFolderError.failed(path: file, what: "remove", reason: Self.reason())
    }
    for folder in flowFolders where (try? folder.requireOwnFiles()) != nil {
      try folder.prepare()
      unlink(folder.mark)
      rmdir(folder.path)
    }
    rmdir(flows)
  }

  /// Removes what a killed job may have left beside the files of its run: half-made files, and notes of the watchdog.
  package func tidy() {
    for file in temporaries { unlink(file) }
    for name in Self.names(in: path) where name.hasPrefix("watchdog-") {
      guard UInt64(name.dropFirst(9), radix: 16) != nil else { continue }
      let folder = path + "/" + name
      for note in Self.names(in: folder) where Int(note.prefix { $0 != "." }) != nil { unlink(folder + "/" + note) }
      rmdir(folder)
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let list = opendir(folder) else { return [] }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
      names.append(withUnsafeBytes(of: &entry.pointee.d_name) { String(system: $0.prefix { $0 != 0 }) })
    }
    return names
  }

  /// Whether there is something at a path.
  package static func isFile(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The word by which the result file says how its run stands; nil where it cannot be read.
  var storedStatus: String? { try? RunFileReader(result).status }

  /// How the run in the folder stands; nil where there is none, or its result file cannot be read.
  package var status: RunStatus? { storedStatus.flatMap(RunStatus.init) }

  /// The deck and the version of the program of the run in the folder; nil where there is none, or they cannot be read.
  package var storedRun: (deck: String, version: String)? {
    guard let reader = try? RunFileReader(result) else { return nil }
    return try? (reader.deck, reader.version)
  }

  /// A checkpoint of version 0.1, where there is no newer one.
  package var oldCheckpoint: String? { hasCheckpoint ? nil : oldCheckpoints.first(where: Self.isFile) }

  /// Whether there is a checkpoint, whole or not.
  package var hasCheckpoint: Bool { checkpoints.contains(where: Self.isFile) || !flowFolders.isEmpty }

  /// The folders of the flows of a run of several, which go on each from a checkpoint of its own.
  var flowFolders: [RunFolder] {
    Self.names(in: flows).filter { $0.first != "." }.map { RunFolder(flows + "/" + $0) }
  }

  /// Whether the run in the folder ended in time, with the best of its states.
  package var endedInTime: Bool { (try? RunFileReader(result).bestStep) != nil }

  /// The numbers of the last step in the result file; nil where there are none.
  package var lastMetrics: MetricsRow? { try? RunFileReader(result).lastMetrics() }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    var parent = String(path[..<slash])
    while parent.hasSuffix("/") { parent.removeLast() }
    return parent.isEmpty ? "/" : parent
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
