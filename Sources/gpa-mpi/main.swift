import CStart
import Glibc
import MessagePassing
import Parameters
import Runs
import Samples

let started = monotonicSeconds()

func printError(_ error: any Error) {
  if (((error as? AgreedError)?.cause ?? error) as? UnwrittenAnswer)?.isUnread == true { return }
  StandardStream.error.write("gpa-mpi: \(error)\n")
}

/// A stream that is closed at the start would lend its number to the next file that is opened, and what is said would be
/// written into that. What is opened in its place takes nothing.
func occupyStreams() {
  for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
    _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
  }
}

func main() -> Int32 {
  occupyStreams()
  // A limit on the size of files is met as a full disk is: by an error of the write, and not by a signal that kills.
  signal(SIGXFSZ, SIG_IGN)
  // So is a pipe that nobody reads: what a run says there is in log.txt as well.
  signal(SIGPIPE, SIG_IGN)
  let words = (1..<max(gpa_word_count(), 1)).compactMap { i in gpa_word(i).map { String(system: $0) } }
  let environment: Environment
  do {
    if words.first == SampleProbe.option, (2...3).contains(words.count) {
      return SampleProbe.run(file: words[1], array: words.count == 3 ? words[2] : nil)
    }
    SampleProbe.program = "/proc/self/exe"
    // A question asked without a launcher needs no MPI.
    let isLaunched = getenv("PMIX_RANK") != nil || getenv("PMI_RANK") != nil
    if !isLaunched, let command = try? parseCommand(words), let code = try command.answerAlone() { return code }
    environment = try Environment.start()
  } catch {
    printError(error)
    return (error as? any ExitCoded)?.exitCode ?? 1
  }
  let world = environment.world
  do {
    let command = try world.together { () throws -> any Command in try parseCommand(words) }
    try Agreement.requireSameStart(words: words, on: world)
    let code = try command.run(started: started, on: world)
    try environment.finish()
    return code
  } catch {
    if let agreed = ((error as? RunFault)?.cause ?? error) as? AgreedError {
      if agreed.cause != nil { printError(error) }
      // What fails once a run has begun is no bad input any more.
      if error is RunFault { environment.leave(code: 1) }
      // Every rank is here, so all can leave together; mpirun reports the code itself.
      try? environment.finish()
      return agreed.exitCode
    }
    printError(error)
    environment.abort(code: error is RunFault ? 1 : (error as? any ExitCoded)?.exitCode ?? 1)
  }
}

exit(main())
