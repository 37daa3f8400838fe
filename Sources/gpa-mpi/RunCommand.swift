import MessagePassing
import Runs

/// `gpa-mpi run DECK`; without a deck the built-in job.
struct RunCommand: Command {
  static let name = "run"
  static let operandNames = "DECK"
  static let meaning =
    "runs a deck, under mpirun -n RANKS on many ranks; gpa-mpi alone runs the built-in job, in which 5000 particles learn "
    + "a Swiss roll from 200 samples"
  static let options: [Option<RunCommand>] = [
    .overrides(\.overrides),
    .value(
      "--output", "DIR", \.output, "the run folder, in the place of the deck's", needs: "a folder", isRepeated: true
    ) { $0.isEmpty ? nil : $0 },
    .flag("--overwrite", \.overwrites, "replace the run in that folder"),
    .flag(
      "--restart", \.restarts,
      "continue from the newest checkpoint in that folder, on any number of ranks; start where there is none"),
    .value(
      "--watchdog", "SECONDS", \.watchdog,
      "end the job, naming the ranks that did not arrive, where no step is completed for so long",
      needs: "a number of seconds, 1 or more, such as --watchdog 300", isRepeated: true
    ) { Double($0).flatMap { 1...1e8 ~= $0 ? $0 : nil } },
    .value(
      "--threads", "T", \.threads,
      "T threads in every rank, with the same bits; give each rank T cores: mpirun --map-by slot:PE=T",
      needs: "a number of threads for each rank, 1 to 1024, such as --threads 4", isRepeated: true
    ) { Int($0).flatMap { 1...1024 ~= $0 ? $0 : nil } },
    .flag("--quiet", \.isQuiet, "print nothing but errors"),
  ]

  /// The built-in job.
  static var builtIn: RunCommand {
    var command = RunCommand()
    command.isBuiltIn = true
    return command
  }

  private var isBuiltIn = false
  private var deck: String?
  private var overrides: [(path: String, value: String)] = []
  private var output: String?
  private var overwrites = false
  private var restarts = false
  private var watchdog: Double?
  private var threads: Int?
  private var isQuiet = false

  mutating func take(operands: [String]) throws {
    guard !restarts || !overwrites else {
      throw UsageError("--restart continues a run and --overwrite replaces it: give one of them")
    }
    guard operands.count == (isBuiltIn ? 0 : 1) else {
      throw UsageError("run needs one deck, such as jobs/swiss-roll.yaml")
    }
    deck = operands.first
  }

  func run(started: Double, on world: Communicator) throws -> Int32 {
    if deck == nil, world.isRoot, !isQuiet {
      StandardStream.output.write(
        "No deck given: this is the built-in job. To run your own, type gpa-mpi run DECK; --help says more.\n\n")
    }
    let file = deck ?? "demo"
    let text = try world.onRoot { () throws -> String in try deck.map(DeckFile.text) ?? builtInDeck }
    let read = try world.together { try Deck.read(text, file: file, overrides: overrides) }
    var options = Job.Options()
    options.output = output
    options.overwrites = overwrites
    // The built-in job holds nothing that cannot be made again.
    options.replacesItself = deck == nil && output == nil
    options.restarts = restarts
    options.restartCommand = restartCommand(ranks: world.size)
    options.threads = threads ?? 1
    options.watchdog = watchdog
    options.isQuiet = isQuiet
    return try Job.run(read, folder: DeckFile.folder(of: file), options: options, started: started, on: world)
  }

  /// The command that continues the run.
  private func restartCommand(ranks: Int) -> String {
    var words = Launcher.words(ranks: ranks) + ["gpa-mpi"] + (deck.map { ["run", $0] } ?? [])
    for option in Self.options { for value in option.repeated(self) { words += [option.name, value] } }
    return (words + ["--restart"]).map(shellQuoted).joined(separator: " ")
  }
}

extension Option {
  /// `--set`, which may be repeated.
  static func overrides(_ path: WritableKeyPath<Root, [(path: String, value: String)]> & Sendable) -> Option {
    Option(
      name: "--set", argument: "section.key=value", meaning: "override one value of the deck; may be repeated",
      set: { root, text in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else {
          throw UsageError("--set needs section.key=value, such as --set transport.steps=100")
        }
        root[keyPath: path].append((parts[0], parts[1]))
      },
      repeated: { root in root[keyPath: path].map { "\($0.path)=\($0.value)" } })
  }
}
