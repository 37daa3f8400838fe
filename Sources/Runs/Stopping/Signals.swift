import Glibc
import MessagePassing
import Parameters
import Storage

/// What asks a run to stop at the end of its step.
enum StopRequest: Equatable {
  /// The file STOP in the run folder.
  case file
  /// A signal.
  case signal(Int32)

  /// The request as a number above zero: what the ranks reduce to its maximum.
  var number: Double {
    switch self {
    case .file: 1
    case .signal(let number): 1 + Double(number)
    }
  }

  /// The request of a number; nil for zero.
  init?(number: Double) {
    guard number > 0 else { return nil }
    self = number == 1 ? .file : .signal(Int32(number) - 1)
  }
}

/// The last signal that asks for a stop; 0: none. A handler may touch nothing else.
private nonisolated(unsafe) let received: UnsafeMutablePointer<sig_atomic_t> = {
  let memory = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)
  memory.initialize(to: 0)
  return memory
}()

/// What is said when SIGTERM comes, prepared beforehand as a handler may not allocate memory.
private struct LastWords {
  var text: UnsafeMutableBufferPointer<UInt8>
  /// The lower ranks of this machine: as long as one of them lives, it says the words instead.
  var speakers: UnsafeMutableBufferPointer<pid_t>
  var areSaid = false

  /// Says them once, unless another process does. Calls nothing that a handler may not call.
  mutating func say() {
    let number = errno
    defer { errno = number }
    guard !areSaid, !text.isEmpty else { return }
    for process in speakers where kill(process, 0) == 0 || errno != ESRCH { return }
    areSaid = true
    _ = write(STDERR_FILENO, text.baseAddress, text.count)
  }
}

private nonisolated(unsafe) let lastWords: UnsafeMutablePointer<LastWords> = {
  let memory = UnsafeMutablePointer<LastWords>.allocate(capacity: 1)
  memory.initialize(to: LastWords(text: .init(start: nil, count: 0), speakers: .init(start: nil, count: 0)))
  return memory
}()

/// The signals that end a run at its next step boundary.
enum Signals {
  private static let names = [
    (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGUSR1, "SIGUSR1"), (SIGHUP, "SIGHUP"), (SIGXCPU, "SIGXCPU"),
  ]

  /// From here on the signals are noted. Of SIGINT the first alone: a second ends the process at once. A hangup or an interrupt
  /// that whoever started the job has it ignore, as nohup does, stays ignored.
  ///
  /// mpirun sends SIGTERM also to the ranks that are left when one is killed, and kills them a second later. So when it
  /// comes, the root says `words`, or, where the root is gone, the next rank of its machine. Collective.
  static func catchAll(lastWords words: String, on communicator: Communicator) throws {
    received.pointee = 0
    let node = try communicator.node(), processes = try node.gather(getpid())
    let isWithRoot = try node.broadcast(communicator.isRoot, from: 0)
    let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: words.utf8.count)
    _ = text.initialize(from: words.utf8)
    let speakers = UnsafeMutableBufferPointer<pid_t>.allocate(capacity: node.rank)
    _ = speakers.initialize(from: processes.prefix(node.rank))
    lastWords.pointee = LastWords(text: text, speakers: speakers, areSaid: !isWithRoot)
    for (number, _) in names {
      var action = sigaction()
      if number == SIGHUP || number == SIGINT, sigaction(number, nil, &action) == 0, isIgnored(action) { continue }
      action = sigaction()
      sigemptyset(&action.sa_mask)
      action.__sigaction_handler.sa_handler = {
        received.pointee = sig_atomic_t($0)
        if $0 == SIGTERM { lastWords.pointee.say() }
      }
      action.sa_flags = SA_RESTART | (number == SIGINT ? Int32(bitPattern: UInt32(SA_RESETHAND)) : 0)
      sigaction(number, &action, nil)
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The signal that this process has received.
  static var request: StopRequest? {
    let number = received.pointee
    return number == 0 ? nil : .signal(Int32(number))
  }

  /// A signal's name.
  static func name(of number: Int32) -> String { names.first { $0.0 == number }?.1 ?? "signal \(number)" }
}

/// Looks for the file STOP in the run folder; the root alone does, and not more often than every 0.2 seconds.
struct StopFile {
  private let path: String
  private let isWatched: Bool
  private var lastLook = -Double.infinity

  init(_ folder: RunFolder, isRoot: Bool) {
    path = folder.stop
    isWatched = isRoot
  }

  /// Whether the file is there, as far as was looked.
  mutating func isThere() -> Bool {
    guard isWatched else { return false }
    let now = monotonicSeconds()
    guard now - lastLook >= 0.2 else { return false }
    lastLook = now
    return access(path, F_OK) == 0
  }

  /// Removes the file, whether it was obeyed or came too late.
  func remove() { if isWatched { unlink(path) } }
}
