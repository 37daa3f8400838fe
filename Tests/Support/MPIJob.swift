import Foundation

/// A program started under mpirun, in a process group of its own, with its output kept in files, so that no pipe can fill
/// up. Whatever it does, ``wait(timeout:)`` comes back and leaves no process behind.
///
/// The environment lets root start jobs, allows more ranks than cores, makes idle ranks yield, and takes Open MPI's
/// ROMIO layer for files. Ranks are not bound to cores, so that jobs beside each other do not share one.
package final class MPIJob {
  /// How a job ended.
  package struct Outcome: Sendable {
    /// The exit code of mpirun, which is that of the first rank that failed; 128 + signal where a signal ended it.
    package let exitCode: Int32
    /// What all ranks wrote to standard output.
    package let output: String
    /// What all ranks and mpirun wrote to standard error.
    package let errors: String
    /// Whether it had to be killed; the exit code then says nothing.
    package let timedOut: Bool
    /// From start to end.
    package let seconds: Double

    /// Everything about it, for the comment of an expectation.
    package var description: String {
      """
      exit code \(exitCode)\(timedOut ? ", killed at the time-out" : "") after \(seconds) s
      --- output
      \(output.suffix(4000))
      --- errors
      \(errors.suffix(4000))
      """
    }
  }

  /// The process of mpirun, or of the program where there is no mpirun.
  package let processIdentifier: pid_t
  private let files: TemporaryFolder
  private let started = ContinuousClock.now
  private var outcome: Outcome?

  /// Starts a job and returns at once.
  ///
  /// - Parameters:
  ///   - ranks: how many; nil starts the program by itself, without mpirun.
  ///   - executable: a path; nil is the `gpa-mpi` that was built with the tests.
  ///   - arguments: of the program.
  ///   - environment: variables beside the inherited ones and those told above, which they may replace.
  ///   - folder: the working directory; nil is an empty folder that is deleted with the job.
  ///   - mpirunArguments: such as ["--hostfile", path].
  package init(
    ranks: Int?, executable: String? = nil, arguments: [String] = [], environment: [String: String] = [:],
    folder: String? = nil, mpirunArguments: [String] = []
  ) throws {
    files = try TemporaryFolder()
    let program = try executable ?? product(named: "gpa-mpi")
    var command = [program] + arguments
    if let ranks {
      command = ["mpirun", "-n", "\(ranks)", "--oversubscribe", "--bind-to", "none"] + mpirunArguments + command
    }
    var workingFolder = folder
    if workingFolder == nil {
      let empty = files.url.appendingPathComponent("work", isDirectory: true)
      try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
      workingFolder = empty.path
    }
    processIdentifier = try spawn(
      command, environment: Self.environment.merging(environment) { $1 }, folder: workingFolder ?? "/",
      output: files.file("output"), errors: files.file("errors"))
  }

  deinit {
    if outcome == nil { _ = wait(timeout: 0) }
  }

  /// Runs a job to its end, or to the time-out. Jobs started by this function run one after the other.
  package static func run(
    ranks: Int?, executable: String? = nil, arguments: [String] = [], environment: [String: String] = [:],
    folder: String? = nil, mpirunArguments: [String] = [], timeout seconds: Double = 120
  ) throws -> Outcome {
    oneAtATime.lock()
    defer { oneAtATime.unlock() }
    let job = try MPIJob(
      ranks: ranks, executable: executable, arguments: arguments, environment: environment, folder: folder,
      mpirunArguments: mpirunArguments)
    return job.wait(timeout: seconds)
  }

  /// Waits for the end; at the time-out, counted from now, ends mpirun and every process that came from it. A second
  /// call returns the same.
  package func wait(timeout seconds: Double) -> Outcome {
    if let outcome { return outcome }
    var status = waitForEnd(seconds)
    let timedOut = status == nil
    if timedOut {
      // mpirun gives its ranks groups of their own: remember them, ask it to end them, then make sure.
      let family = ProcessFamily(of: processIdentifier)
      kill(-processIdentifier, SIGTERM)
      status = waitForEnd(3)
      family.kill()
      if status == nil {
        kill(-processIdentifier, SIGKILL)
        status = waitForEnd(10)
      }
    }
    let ended = Outcome(
      exitCode: status ?? -1, output: text("output"), errors: text("errors"), timedOut: timedOut,
      seconds: (ContinuousClock.now - started) / .seconds(1))
    outcome = ended
    return ended
  }

  /// Sends a signal to mpirun (or to the program that has none). Does nothing once the job has ended.
  package func send(_ signal: Int32) {
    if outcome == nil { kill(processIdentifier, signal) }
  }

  /// The processes of the ranks, in the order of their start; empty until mpirun has started them.
  package var ranks: [pid_t] { ProcessFamily(of: processIdentifier).children }

  /// Whether a process, such as one of ``ranks``, has not ended yet.
  package static func isRunning(_ process: pid_t) -> Bool { ProcessFamily.isRunning(process) }

  /// What the ranks have written to standard output so far.
  package var outputSoFar: String { text("output") }

  /// What the ranks have written to standard error so far.
  package var errorsSoFar: String { text("errors") }

  private func text(_ name: String) -> String {
    let data = FileManager.default.contents(atPath: files.file(name)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  /// The exit code; nil when the process still runs after this time.
  private func waitForEnd(_ seconds: Double) -> Int32? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      var status: Int32 = 0
      let found = waitpid(processIdentifier, &status, WNOHANG)
      if found == processIdentifier {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
      }
      if found < 0 && errno != EINTR { return -1 }
      if ContinuousClock.now >= deadline { return nil }
      usleep(5000)
    }
  }

  private static let oneAtATime = NSLock()

  private static let environment: [String: String] = {
    // A test that started MPI in this process has left the variables of its own job, which mpirun must not take for its.
    var variables = ProcessInfo.processInfo.environment.filter { name, _ in
      let isOfAJob = ["PMIX_", "PMI_", "ORTE_", "OMPI_", "OPAL_"].contains { name.hasPrefix($0) }
      return !isOfAJob || name.hasPrefix("OMPI_ALLOW_RUN_AS_ROOT")
    }
    if geteuid() == 0 {
      variables["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
      variables["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    }
    variables["OMPI_MCA_mpi_yield_when_idle"] = "1"
    variables["OMPI_MCA_io"] = "romio321"
    variables["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none"
    variables["OPENBLAS_NUM_THREADS"] = "1"
    return variables
  }()
}
