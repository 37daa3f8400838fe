import Glibc

/// What the root says: on standard output, unless the run is quiet, and in the run folder's log.txt.
final class Console {
  private let speaks: Bool
  private let isTerminal: Bool
  private var pending = ""
  private var log: UnsafeMutablePointer<FILE>?
  private var hasOpenLine = false

  /// A console that is silent on ranks other than the root.
  init(isRoot: Bool, isQuiet: Bool) {
    speaks = isRoot && !isQuiet
    isTerminal = Self.outputIsTerminal()
  }

  deinit { if let log { fclose(log) } }

  /// Open MPI gives its ranks a terminal of its own, so under mpirun what counts is mpirun's output.
  private static func outputIsTerminal() -> Bool {
    guard isatty(STDOUT_FILENO) == 1 else { return false }
    guard getenv("OMPI_COMM_WORLD_RANK") != nil else { return true }
    var target = [CChar](repeating: 0, count: 64)
    guard readlink("/proc/\(getppid())/fd/1", &target, target.count - 1) > 0 else { return false }
    let path = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.hasPrefix("/dev/pts/") || path.hasPrefix("/dev/tty")
  }

  /// Starts the log with all that was said so far, or goes on with that of the run which is continued.
  func openLog(_ path: String, appends: Bool) {
    log = fopen(path, appends ? "a" : "w")
    if let log { fputs(pending, log) }
    pending = ""
  }

  /// Says a line.
  func say(_ line: String = "") {
    if let log {
      fputs(line + "\n", log)
      fflush(log)
    } else {
      pending += line + "\n"
    }
    guard speaks else { return }
    StandardStream.output.write((hasOpenLine ? "\r\u{1b}[K" : "") + line + "\n")
    hasOpenLine = false
  }

  /// Shows a line that the next one replaces; on a terminal alone.
  func show(_ line: String) {
    guard speaks, isTerminal else { return }
    StandardStream.output.write("\r\u{1b}[K" + line)
    hasOpenLine = true
  }
}
