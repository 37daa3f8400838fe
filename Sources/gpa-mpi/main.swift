import Deck
import Glibc
import MessagePassing
import Parameters
import Runs
import Samples

let started = monotonicSeconds()

func printError(_ error: any Error) {
  StandardStream.error.write("gpa-mpi: \(error)\n")
}

/// Runs a deck on all ranks: the text is read by the root and everybody reads the same.
func execute(
  _ text: () throws -> String, file: String, isBuiltIn: Bool = false, _ arguments: Command.Arguments,
  on world: Communicator
) throws -> Int32 {
  let content = try world.onRoot { () throws -> String in try text() }
  let deck = try world.together { try Deck.read(content, file: file, overrides: arguments.overrides) }
  var options = Run.Options()
  options.output = arguments.output
  options.overwrites = arguments.overwrites
  options.restarts = arguments.restarts
  options.restartCommand = arguments.restartCommand(deck: isBuiltIn ? nil : file)
  options.threads = arguments.threads
  options.watchdog = arguments.watchdog
  options.isQuiet = arguments.isQuiet
  return try Run.run(deck, folder: DeckFile.folder(of: file), options: options, started: started, on: world)
}

func main() -> Int32 {
  // A limit on the size of files is met as a full disk is: by an error of the write, and not by a signal that kills.
  signal(SIGXFSZ, SIG_IGN)
  let command: Command
  let environment: Environment
  do {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.first == SampleProbe.option, (2...3).contains(words.count) {
      return SampleProbe.run(file: words[1], array: words.count == 3 ? words[2] : nil)
    }
    SampleProbe.program = "/proc/self/exe"
    // A question asked without a launcher needs no MPI.
    let isLaunched = getenv("PMIX_RANK") != nil || getenv("PMI_RANK") != nil
    if !isLaunched, let command = try? Command.parse(words), let code = try answer(command) { return code }
    environment = try Environment.start()
  } catch {
    printError(error)
    return (error as? any ExitCoded)?.exitCode ?? 1
  }
  let world = environment.world
  do {
    command = try world.together { try Command.parse(Array(CommandLine.arguments.dropFirst())) }
    try Run.requireSameStart(words: Array(CommandLine.arguments.dropFirst()), on: world)
    let code: Int32
    switch command {
    case .run(let deck, let arguments):
      code = try execute({ try DeckFile.text(deck) }, file: deck, arguments, on: world)
    case .runBuiltIn(var arguments):
      if world.isRoot, !arguments.isQuiet {
        StandardStream.output.write(
          "No deck given: this is the built-in job. To run your own, type gpa-mpi run DECK; --help says more.\n\n")
      }
      // The built-in job's own folder holds nothing that cannot be made again.
      if arguments.output == nil, !arguments.restarts { arguments.overwrites = true }
      code = try execute({ builtInDeck }, file: "demo", isBuiltIn: true, arguments, on: world)
    case .divergence(let divergence): code = try divergence.run(started: started, on: world)
    case .check, .help, .version, .list: code = try world.onRoot { () throws -> Int32 in try answer(command) ?? 1 }
    }
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
