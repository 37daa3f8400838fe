import Glibc
import Parameters

/// What the root says: on standard output, unless the run is quiet, and in the run folder's log.txt.
final class Console {
  private let isRoot: Bool
  private let isQuiet: Bool
  private var speaks: Bool { isRoot && !isQuiet }
  private let isTerminal: Bool
  private var pending = ""
  private var log: UnsafeMutablePointer<FILE>?
  private var logPath = ""
  private var isLogOpen = false
  private var hasOpenLine = false

  /// A console that is silent on ranks other than the root.
  init(isRoot: Bool, isQuiet: Bool) {
    self.isRoot = isRoot
    self.isQuiet = isQuiet
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
    logPath = path
    isLogOpen = true
    log = fopen(path, appends ? "ae" : "we")
    if log == nil { sayLogFailed() }
    writeLog(pending)
    pending = ""
  }

  /// Adds a text to the log; that it cannot be written is said once and ends no run.
  private func writeLog(_ text: String) {
    guard let file = log, fputs(text.system, file) < 0 || fflush(file) != 0 else { return }
    sayLogFailed()
    log = nil
    fclose(file)
  }

  private func sayLogFailed() {
    let reason = String(cString: strerror(errno))
    StandardStream.error.write("gpa-mpi: warning: cannot write '\(logPath)' (\(reason)); the run goes on without it\n")
  }

  /// Says a line.
  func say(_ line: String = "") {
    if isLogOpen { writeLog(line + "\n") } else { pending += line + "\n" }
    guard speaks else { return }
    StandardStream.output.write((hasOpenLine ? "\r\u{1b}[K" : "") + line + "\n")
    hasOpenLine = false
  }

  /// Says a line of a run that failed to reach its end; a quiet one says it on standard error.
  func sayFailure(_ line: String) {
    say(line)
    if isRoot, isQuiet { StandardStream.error.write("gpa-mpi: \(line)\n") }
  }

  /// Shows a line that the next one replaces; on a terminal alone.
  func show(_ line: String) {
    guard speaks, isTerminal else { return }
    StandardStream.output.write("\r\u{1b}[K" + line)
    hasOpenLine = true
  }
}
