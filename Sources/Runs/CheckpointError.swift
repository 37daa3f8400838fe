import Parameters

/// Why a run cannot be continued.
enum CheckpointError: InputError {
  /// The deck is another than that of the checkpoint in these keys.
  case deckChanged(file: String, keys: [String])
  /// The samples are others than those of the checkpoint.
  case dataChanged(file: String, what: String)
  /// The checkpoint is of another version of the program, which may compute other bits.
  case otherVersion(file: String, found: String)
  /// There are checkpoints, and none is whole.
  case noneWhole(folder: String, damages: [String])
  /// The run has made more steps than the deck asks for.
  case tooManySteps(folder: String, made: Int, wanted: Int)
  /// A run cannot be continued, as it has no checkpoint.
  case noneLeft(folder: String, what: String)
  /// A checkpoint read back is not what was written.
  case notAsWritten(file: String, what: String)
  /// A file cannot be written to disk or renamed.
  case failed(what: String, path: String, reason: String)

  var exitCode: Int32 {
    switch self {
    case .deckChanged, .dataChanged, .otherVersion, .tooManySteps, .noneLeft: 2
    default: 1
    }
  }

  var description: String {
    switch self {
    case .deckChanged(let file, let keys):
      "the deck is not that of '\(file)': \(keys.joined(separator: ", ")) differ\(keys.count == 1 ? "s" : ""); only "
        + "transport.steps, stop, output and checkpoint may change; choose another folder with --output (one for each member "
        + "of a job array), or replace the run with --overwrite"
    case .dataChanged(let file, let what):
      "\(what) not those of '\(file)'; give the run its samples back, or choose another folder with --output to start anew"
    case .otherVersion(let file, let found):
      "'\(file)' is of gpa-mpi \(found), and this is \(version); go on with that version, choose another folder "
        + "with --output, or replace the run with --overwrite"
    case .noneWhole(let folder, let damages):
      "no checkpoint in '\(folder)' is whole (\(damages.joined(separator: "; "))); with --overwrite in the place of --restart the run starts anew"
    case .tooManySteps(let folder, let made, let wanted):
      "the run in '\(folder)' has made \(made) steps, more than transport.steps, \(wanted): it cannot go back; choose another "
        + "folder with --output, or replace the run with --overwrite"
    case .noneLeft(let folder, let what):
      "'\(folder)' holds \(what) and no checkpoint from which it could go on; choose another folder with --output, or "
        + "replace the run with --overwrite"
    case .notAsWritten(let file, let what): "'\(file)' was not stored as written: \(what); the last checkpoint is kept"
    case .failed(let what, let path, let reason): "cannot \(what) '\(path)' (\(reason)); the last checkpoint is kept"
    }
  }
}
