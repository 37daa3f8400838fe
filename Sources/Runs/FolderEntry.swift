import MessagePassing
import Storage

/// How a job enters its run folder: it marks the folder as its own, then looks at what is there and refuses what would be
/// lost. Nothing is made or changed by a start that is refused. ``enter()`` and ``settle()`` are
/// collective.
final class FolderEntry {
  private let folder: RunFolder
  private let deck: Deck
  private let options: Job.Options
  private let communicator: Communicator
  private let mark: FolderMark
  private var notes: [String] = []

  /// Of a deck as it was given.
  init(_ folder: RunFolder, _ deck: Deck, _ options: Job.Options, on communicator: Communicator) {
    self.folder = folder
    self.deck = deck
    self.options = options
    self.communicator = communicator
    mark = FolderMark(in: folder, version: version)
  }

  /// Lets other jobs in.
  func leave() { mark.release() }

  /// Takes the folder, where it is there already, and throws where a new run may not take its place; of a run that is to be
  /// continued, where it is none of this deck. Returns the status of a run that is over, with nothing left to do.
  func enter() throws -> RunStatus? {
    let text = try communicator.onRoot { () throws -> String in
      var isOver: RunStatus?
      if options.restarts, folder.isReadOnly { isOver = try finalStatus() }
      if isOver == nil {
        try folder.requirePlace()
        if RunFolder.isFile(folder.path) { try mark.take() }
        try look()
        if options.restarts { isOver = try finalStatus() }
      }
      return isOver?.rawValue ?? ""
    }
    return RunStatus(rawValue: text)
  }

  /// Takes the folder that is to be made, unless it is taken already; what another job may have put there meanwhile is looked
  /// at again. A result file that a run which starts anew cannot read is set aside.
  func settle(isContinued: Bool) throws {
    try communicator.together {
      guard communicator.isRoot else { return }
      if !mark.isHeld {
        try folder.make()
        try mark.take()
        try folder.check(overwrite: options.overwrites)
      }
      guard options.restarts, !isContinued else { return }
      if folder.storedRun == nil, RunFolder.isFile(folder.result) {
        let name = try folder.setAsideResult()
        notes.append("'\(folder.result)' cannot be read: it is kept as '\(name)', and the run starts anew")
      } else if let held = folder.held {
        notes.append("'\(folder.path)' holds \(held) with no checkpoint: it starts anew")
      }
    }
  }

  /// What a user should know; on the root.
  var warnings: [String] {
    let locks = "the file system of '\(folder.path)' has no locks: nothing keeps a second job out of this folder"
    return (notes + (mark.isUnlocked ? [locks] : [])).map { "warning: \($0)" }
  }

  /// Throws where files would be lost.
  private func look() throws {
    try folder.requireOwnFiles()
    if options.overwrites {
      let keys = folder.storedRun.flatMap { try? deck.keysThatDiffer(from: $0) } ?? []
      if !keys.isEmpty { notes.append("--overwrite replaces a run of another deck: \(keys.joined(separator: ", "))") }
      return
    }
    guard let held = folder.held else { return }
    guard options.restarts else {
      if options.replacesItself, let stored = folder.storedRun, try deck.keysThatDiffer(from: stored).isEmpty { return }
      throw RunFolderError.holdsRun(folder: folder.path, what: held)
    }
    if let stored = folder.storedRun {
      let keys = try deck.keysThatDiffer(from: stored)
      guard keys.isEmpty else { throw CheckpointError.deckChanged(file: folder.result, keys: keys) }
    }
    if folder.status?.isFinal == true, let last = folder.lastMetrics { try requireSteps(last.step) }
    // Before its first checkpoint a run that was killed starts anew; where one was written, it should be there.
    if folder.status == .interrupted, !folder.hasCheckpoint, folder.oldCheckpoint == nil {
      throw CheckpointError.noneLeft(folder: folder.path, what: held)
    }
  }

  /// Throws where the run has made more steps than the deck asks for.
  func requireSteps(_ made: Int) throws {
    guard made <= deck.transport.steps else {
      throw CheckpointError.tooManySteps(folder: folder.path, made: made, wanted: deck.transport.steps)
    }
  }

  /// The status of a run that is over; nil where something is left to do: also where a run met its end and the deck now asks
  /// for more.
  private func finalStatus() throws -> RunStatus? {
    guard let status = folder.status, status.isFinal else { return nil }
    guard status != .diverged, !folder.endedInTime, let last = folder.lastMetrics,
      !stoppingRules(deck, wallTime: nil).contains(where: { rule in
        // What the metrics say of convergence was denied where the run did not end with it.
        rule.reason(last, nil).map { $0.claim == nil || status == .converged } ?? false
      })
    else { return status }
    guard folder.hasCheckpoint else {
      throw CheckpointError.noneLeft(folder: folder.path, what: "a run that has \(status.rawValue)")
    }
    return nil
  }
}

extension Deck {
  /// The keys in which this deck, as it was given, differs from that of a stored run and may not. What is `auto` here is not
  /// compared, as the data say what it stands for. Throws where the run is of a version with other keys.
  func keysThatDiffer(from stored: (deck: String, version: String)) throws -> [String] {
    var text = stored.deck
    if stored.version != version {
      guard let same = try? Deck.read(text, file: name).text else {
        throw CheckpointError.otherVersion(file: "run.h5", found: stored.version)
      }
      text = same
    }
    return try keysThatMayNotDiffer(from: text).filter { !automaticKeys.contains($0) }
  }
}
