import Parameters

/// A command line that cannot be understood.
struct UsageError: InputError {
  let text: String
  var description: String { "\(text); see gpa-mpi --help" }
}

/// What the user asks for.
enum Command {
  case runBuiltIn(Arguments)
  case run(deck: String, Arguments)
  case check(deck: String, Arguments)
  case divergence(DivergenceCommand)
  case help
  case version
  case list

  /// Throws where something is given to an option that is on by being there: `--overwrite=no` must not overwrite.
  static func requireNoValue(_ option: String, in word: String) throws {
    guard word == option else {
      throw UsageError(text: "\(option) takes no value: give it or leave it out, not \(word)")
    }
  }

  /// What goes with a deck.
  struct Arguments {
    var overrides: [(path: String, value: String)] = []
    var output: String?
    var overwrites = false
    var restarts = false
    var isQuiet = false
    var watchdog: Double?
    var threads = 1

    /// The command that continues a run of these arguments.
    func restartCommand(deck: String?) -> String {
      var words = ["gpa-mpi"] + (deck.map { ["run", $0] } ?? [])
      for (path, value) in overrides { words += ["--set", "\(path)=\(value)"] }
      if let output { words += ["--output", output] }
      if let watchdog { words += ["--watchdog", "\(watchdog)"] }
      if threads > 1 { words += ["--threads", "\(threads)"] }
      let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+")
      let quoted = (words + ["--restart"]).map { word in
        word.allSatisfy(plain.contains)
          ? word
          : "'"
            + word.split(
              separator: "'", omittingEmptySubsequences: false
            ).joined(separator: "'\\''") + "'"
      }
      return quoted.joined(separator: " ")
    }
  }

  /// Understands the words after the program's name.
  static func parse(_ words: [String]) throws -> Command {
    if words.contains("--help") || words.contains("-h") { return .help }
    if words.contains("--version") { return .version }
    if words.contains("--list") { return .list }
    if words.first == "divergence" { return .divergence(try DivergenceCommand(words.dropFirst())) }
    var arguments = Arguments(), rest: [String] = [], left = words[...]
    while let word = left.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      func value() throws -> String {
        if word.hasPrefix("--"), parts.count == 2 { return parts[1] }
        guard let next = left.popFirst() else { throw UsageError(text: "\(word) needs a value") }
        return next
      }
      switch parts.first ?? "" {
      case "--set":
        let assignment = try value().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard assignment.count == 2, !assignment[0].isEmpty else {
          throw UsageError(text: "--set needs section.key=value, such as --set transport.steps=100")
        }
        arguments.overrides.append((String(assignment[0]), String(assignment[1])))
      case "--output":
        let folder = try value()
        guard !folder.isEmpty else { throw UsageError(text: "--output needs a folder") }
        arguments.output = folder
      case "--watchdog":
        guard let seconds = Double(try value()), seconds >= 1, seconds <= 1e8 else {
          throw UsageError(text: "--watchdog needs a number of seconds, 1 or more, such as --watchdog 300")
        }
        arguments.watchdog = seconds
      case "--threads":
        guard let threads = Int(try value()), 1...1024 ~= threads else {
          throw UsageError(text: "--threads needs a number of threads for each rank, 1 to 1024, such as --threads 4")
        }
        arguments.threads = threads
      case let flag where ["--overwrite", "--restart", "--quiet"].contains(flag):
        try requireNoValue(flag, in: word)
        switch flag {
        case "--overwrite": arguments.overwrites = true
        case "--restart": arguments.restarts = true
        default: arguments.isQuiet = true
        }
      case let option where option.hasPrefix("-"):
        let known = [
          "--set", "--output", "--overwrite", "--restart", "--watchdog", "--threads", "--quiet", "--help", "--version",
          "--list",
        ]
        let hint = nearest(to: option, among: known).map { ", did you mean \($0)?" } ?? ""
        throw UsageError(text: "there is no option \(option)\(hint)")
      default: rest.append(word)
      }
    }
    guard !arguments.restarts || !arguments.overwrites else {
      throw UsageError(text: "--restart continues a run and --overwrite replaces it: give one of them")
    }
    switch (rest.first, rest.count) {
    case (nil, _): return .runBuiltIn(arguments)
    case ("run", 2): return .run(deck: rest[1], arguments)
    case ("check", 2): return .check(deck: rest[1], arguments)
    case ("run", _), ("check", _): throw UsageError(text: "\(rest[0]) needs one deck, such as jobs/swiss-roll.yaml")
    case (let word?, _):
      if word.hasSuffix(".yaml") || word.hasSuffix(".yml") {
        throw UsageError(text: "to run a deck, type gpa-mpi run \(word)")
      }
      let hint = nearest(to: word, among: ["run", "check", "divergence"]).map { ", did you mean \($0)?" } ?? ""
      throw UsageError(text: "there is no command \(word)\(hint)")
    }
  }

  static let helpText = """
    gpa-mpi moves particles to a target known by samples, by the gradient flow of the Lipschitz-regularized f-divergence.

      gpa-mpi                     run the built-in job: 5000 particles learn a Swiss roll from 200 samples
      gpa-mpi run DECK            run a deck; under mpirun -n RANKS on many ranks
      gpa-mpi check DECK          check a deck and print it with every default filled in and with advice on L and the
                                  time step
      gpa-mpi divergence A B      the divergence of two sample files, as a bracket; an array of a file is FILE:NAME
      gpa-mpi --list              print the names that decks can choose from

      --set section.key=value     override one value of the deck; may be repeated
      --output DIR                the run folder, in the place of the deck's
      --overwrite                 replace a finished run in that folder
      --restart                   continue from the newest checkpoint in that folder, on any number of ranks; start
                                  where there is none
      --watchdog SECONDS          end the job, naming the ranks that did not arrive, where no step is completed for so long
      --threads T                 T threads in every rank, with the same bits; give each rank T cores: mpirun --map-by slot:PE=T
      --quiet                     print nothing but errors
      --version, --help

    For divergence: --lipschitz L (1), --f (kl), --alpha (2), --constraint (orthonormal), --activation (max_min), --hidden
    (32,32,32), --seed (0), --json.

    SIGUSR1, SIGTERM, SIGINT, a file STOP in the run folder and stop.wall_time end a run after the step with a checkpoint.

    Exit codes: 0 converged or finished, 2 bad input or usage, 3 diverged, 4 interrupted, 1 anything else.
    """
}
