import Parameters

/// Why a folder cannot take the files of a run.
package enum RunFolderError: InputError {
  /// The path, or a part of it, is there and is not a folder.
  case notFolder(String)
  /// The folder, or one above it, cannot be made.
  case notMade(folder: String, reason: String)
  /// Nothing can be written into the folder, or made in it.
  case notWritable(folder: String, reason: String)
  /// Another job works in the folder.
  case inUse(folder: String, by: String)
  /// The folder holds a run that should not be lost.
  case holdsRun(folder: String, what: String)
  /// A file has a name that runs use, and no run has written it.
  case notOurs(path: String)
  /// A file of the run that is to be continued cannot be changed.
  case fileNotWritable(path: String, reason: String)
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
    case .inUse(let folder, let job):
      "another job works in the folder '\(folder)': \(job); wait for its end, or choose another folder with --output (one "
        + "for each member of a job array)"
    case .holdsRun(let folder, let what):
      "the folder '\(folder)' holds \(what); --restart continues it where something is left to do, --overwrite replaces it, "
        + "--output chooses another folder"
    case .notOurs(let path):
      "'\(path)' was not written by a run and would be lost; move it away, or choose another folder with output.directory "
        + "or --output"
    case .fileNotWritable(let path, let reason):
      "cannot write '\(path)' (\(reason)), a file of the run that is to be continued; make it writable, or continue a copy "
        + "of the folder with --output"
    case .failed(let path, let what, let reason):
      "cannot \(what) '\(path)' (\(reason))"
    }
  }
}
