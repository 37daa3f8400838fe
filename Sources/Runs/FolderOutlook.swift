import Storage

/// What a run of a deck would meet in its run folder, seen from outside: nothing is made or changed.
package enum FolderOutlook {
  /// What a run would say of a folder that takes one only with `--restart` or `--overwrite`; nil where it takes any. Throws
  /// what every run would be refused for. For one process.
  package static func note(of deck: Deck, output: String?) throws -> String? {
    let folder = RunFolder(Job.place(deck, output))
    let refusal = folder.held.map { "\(RunFolderError.holdsRun(folder: folder.path, what: $0))" }
    // A run that is over may have been put away: a restart finds nothing to do there.
    if folder.isReadOnly, folder.status?.isFinal == true { return refusal }
    try folder.requirePlace()
    try FolderMark(in: folder, version: version).requireFree()
    try folder.requireOwnFiles()
    return refusal
  }
}
