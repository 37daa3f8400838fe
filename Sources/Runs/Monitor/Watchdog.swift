import Glibc
import MessagePassing
import Parameters
import Storage
import Synchronization

/// Ends a job that does not go on: where no step is completed for a time, and the run neither begins nor ends, every rank
/// exits by itself, and one of them says which ranks did not arrive.
///
/// A thread of every rank watches. MPI may be what hangs, so the ranks do not ask each other: at half of the time each
/// leaves a note in the run folder with the number of collective calls that it has arrived at. A rank that leaves no note
/// is stopped, or its machine is gone; one that has arrived at fewer calls keeps the others waiting. Nothing is written as
/// long as all is well.
final class Watchdog: Sendable {
  /// What the watchdogs of a job have in common.
  private struct Job: Sendable {
    let limit: Double
    let folder: RunFolder
    let notes: String
    let restartCommand: String
    let rank: Int
    let hosts: [String]
    let calls: CallCounter
  }

  private let job: Job
  private let last = Atomic<UInt64>(0)
  private let step = Atomic<Int>(0)

  private init(_ job: Job) {
    self.job = job
  }

  /// Starts to watch; nil where no time is given. Collective.
  static func start(
    seconds: Double?, folder: RunFolder, restartCommand: String, on communicator: Communicator
  ) throws -> Watchdog? {
    guard let seconds else { return nil }
    // Notes of an earlier job cannot be taken for those of this one.
    let number = try communicator.broadcast(UInt64.random(in: .min ... .max), from: 0)
    let watchdog = Watchdog(
      Job(
        limit: seconds, folder: folder, notes: folder.watchdog + "-" + String(number, radix: 16),
        restartCommand: restartCommand, rank: communicator.rank, hosts: try communicator.hostNames(),
        calls: communicator.calls))
    watchdog.beat(step: 0)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(watchdog).toOpaque()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Watchdog>.fromOpaque(context).takeRetainedValue().watch() }
        return nil
      }, context)
    try communicator.together {
      guard code == 0 else { throw WatchdogError(reason: String(cString: strerror(code))) }
    }
    return watchdog
  }

  /// Says that the run goes on, after a step.
  func beat(step: Int) {
    self.step.store(step, ordering: .relaxed)
    last.store(monotonicSeconds().bitPattern, ordering: .relaxed)
  }

  private func watch() {
    var noted: Int?, before = monotonicSeconds()
    while true {
      usleep(UInt32(1e6 * min(job.limit / 20, 0.5)))
      let now = monotonicSeconds()
      // A process that was stopped itself, perhaps with the whole job, has nothing to say of that time and a while after.
      if now - before > job.limit / 4 { last.store((now + job.limit).bitPattern, ordering: .relaxed) }
      before = now
      let idle = now - Double(bitPattern: last.load(ordering: .relaxed))
      if idle > job.limit { end(idle, hasNote: noted != nil) }
      if idle > job.limit / 2 {
        let calls = job.calls.count
        if calls != noted { noted = leaveNote(calls) ? calls : nil }
      } else if noted != nil {
        unlink(note(of: job.rank))
        rmdir(job.notes)
        noted = nil
      }
    }
  }

  private func note(of rank: Int) -> String { "\(job.notes)/\(rank)" }

  /// Notes the number of calls that this rank has arrived at; the note is whole from the beginning.
  private func leaveNote(_ calls: Int) -> Bool {
    try? job.folder.make()
    mkdir(job.notes, 0o777)
    let path = note(of: job.rank), temporary = path + ".tmp"
    guard let file = fopen(temporary, "w") else { return false }
    fputs("\(calls)\n", file)
    return fclose(file) == 0 && rename(temporary, path) == 0
  }

  /// The calls that each rank says to have arrived at; nil for a rank that says nothing.
  private func readNotes() -> [Int?] {
    job.hosts.indices.map { rank in
      if rank == job.rank { return job.calls.count }
      guard let file = fopen(note(of: rank), "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 32)
      guard fgets(&line, Int32(line.count), file) != nil else { return nil }
      return Int(String(decoding: line.prefix { $0 > 32 }.map(UInt8.init), as: UTF8.self))
    }
  }

  private func end(_ idle: Double, hasNote: Bool) -> Never {
    let calls = readNotes()
    // The lowest rank that can speak does, when all have read the notes; the others leave it time to.
    guard calls.firstIndex(where: { $0 != nil }) == job.rank else {
      usleep(4_000_000)
      _exit(1)
    }
    usleep(1_500_000)
    let step = step.load(ordering: .relaxed)
    let text =
      "gpa-mpi: watchdog: no step was completed for \(Text.short(idle)) s after step \(step): "
      + (hasNote
        ? Self.verdict(calls, hosts: job.hosts)
        : "which ranks did not arrive cannot be told, as no file "
          + "can be written in '\(job.folder.path)'")
      + "\nto continue: \(job.restartCommand)\n"
    StandardStream.error.write(text)
    if let log = fopen(job.folder.log, "a") {
      fputs(text.system, log)
      fclose(log)
    }
    for rank in job.hosts.indices { unlink(note(of: rank)) }
    rmdir(job.notes)
    _exit(1)
  }

  /// Who keeps the others waiting, from the calls that each rank has arrived at; nil: nothing is known of the rank.
  static func verdict(_ calls: [Int?], hosts: [String]) -> String {
    func list(_ ranks: [Int]) -> String {
      var names: [String] = []
      for rank in ranks where !names.contains(hosts[rank]) { names.append(hosts[rank]) }
      return rankList(ranks) + " (on \(names.joined(separator: ", ")))"
    }
    let silent = calls.indices.filter { calls[$0] == nil }
    // A rank that answers and has arrived at fewer calls than another may wait itself, in a call that the other did not
    // have to wait in: for a silent rank, or for the one that has arrived at the fewest.
    if !silent.isEmpty { return "\(list(silent)) did not arrive and give\(silent.count == 1 ? "s" : "") no answer" }
    let known = calls.compactMap { $0 }, fewest = known.min() ?? 0
    guard let most = known.max(), fewest < most else {
      return "all ranks have arrived at the same call; the network between their machines may be interrupted"
    }
    return "\(list(calls.indices.filter { calls[$0] == fewest })) did not arrive"
  }
}

/// A watchdog that cannot be started.
struct WatchdogError: Error, CustomStringConvertible {
  let reason: String
  var description: String { "cannot start the watchdog (\(reason))" }
}
