import Parameters

/// Why a recorded flow cannot be used.
package enum FlowFileError: InputError {
  /// A run folder has none.
  case missing(folder: String)
  /// What a run that goes on has recorded so far is not there.
  case lost(path: String, step: Int, reason: String)
  /// It was recorded by another version of the program, which may compute other bits.
  case otherVersion(path: String, found: String, version: String)
  /// It is not as it was written.
  case damaged(path: String, reason: String)

  /// One sentence for people, with the way out.
  package var description: String {
    switch self {
    case .missing(let folder):
      "'\(folder)' has no flow.h5: no flow was recorded; run its deck with flow: {record: true}"
    case .lost(let path, let step, let reason):
      "the flow up to step \(step) is not in '\(path)' (\(reason)) and cannot be recorded any more: put the file back, go on "
        + "without one (--set flow.record=false), or begin anew (--overwrite)"
    case .otherVersion(let path, let found, let version):
      "'\(path)' was recorded by gpa-mpi \(found), and this is \(version), which may compute other bits: use that version, "
        + "or run the deck again"
    case .damaged(let path, let reason):
      "'\(path)' cannot be used (\(reason)): put a whole copy in its place, or run the deck again"
    }
  }
}
