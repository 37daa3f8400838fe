import Glibc
import Parameters

/// Reads HDF5 files for trial in a process of its own, as a few damaged bytes in one can crash or block the HDF5 library,
/// and whatever process calls it.
package enum SampleProbe {
  /// The word before the file, and perhaps the array, in the arguments of a process that reads for trial.
  package static let option = "--probe-samples"

  /// The program that understands ``option``; nil: nothing is read for trial. Set before MPI starts, and not later.
  package nonisolated(unsafe) static var program: String?

  /// Seconds that a piece of a file may take.
  private static let patience: UInt32 = 120
  /// Seconds of processor time that it may take.
  private static let work = 10

  /// What the process does that reads for trial: 0 after an error too, which whoever asked will meet again.
  package static func run(file: String, array: String?) -> Int32 {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    program = nil
    isTrial = true
    goOn()
    if let format = try? sampleFormat(of: file) { _ = try? format.read(file, array: array) }
    return 0
  }

  /// Starts the time of a piece, in a process that reads for trial.
  static func goOn(seconds: Int = Int(patience)) {
    guard program == nil, isTrial else { return }
    alarm(UInt32(seconds))
    // A slow file system takes time, and a library that goes in circles processor time.
    var work = itimerval()
    work.it_value.tv_sec = Self.work
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &work, nil)
  }

  private nonisolated(unsafe) static var isTrial = false

  /// Throws a ``SampleError`` where the process that reads a file for trial is ended by a signal.
  static func check(_ file: String, array: String?) throws {
    guard let program else { return }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    let arguments = ["gpa-mpi", option, file] + (array.map { [$0] } ?? [])
    // Swift's own report of a crash would take seconds. New memory holds other bytes than zeros, so that an error of the
    // library which is harmless by chance here would not be harmful afterwards.
    var variables = ["SWIFT_BACKTRACE=enable=no", "MALLOC_PERTURB_=165"]
    var entry = environ
    while let text = entry.pointee {
      let variable = String(cString: text)
      if !variable.hasPrefix("SWIFT_BACKTRACE=") { variables.append(variable) }
      entry += 1
    }
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0.system) } + [nil]
    var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
    defer { (words + environment).forEach { free($0) } }
    var process: pid_t = 0
    // Where no process can be started, the file is read without a trial.
    guard posix_spawn(&process, program, &actions, nil, &words, &environment) == 0 else { return }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return } }
    let signal = status & 0x7f
    guard signal != 0 else { return }
    throw SampleError.malformed(
      file: file,
      reason: signal == SIGALRM || signal == SIGPROF
        ? "is damaged: it blocks the HDF5 library" : "is damaged: it crashes the HDF5 library (signal \(signal))")
  }
}
