import Glibc
import MessagePassing
import RunFile

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

/// The signals that end a run at its next step boundary.
enum Signals {
  private static let names = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGUSR1, "SIGUSR1")]

  /// From here on the signals are noted. Of SIGINT the first alone: a second ends the process at once.
  static func catchAll() {
    received.pointee = 0
    for (number, _) in names {
      var action = sigaction()
      sigemptyset(&action.sa_mask)
      action.__sigaction_handler.sa_handler = { received.pointee = sig_atomic_t($0) }
      action.sa_flags = SA_RESTART | (number == SIGINT ? Int32(bitPattern: UInt32(SA_RESETHAND)) : 0)
      sigaction(number, &action, nil)
    }
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
