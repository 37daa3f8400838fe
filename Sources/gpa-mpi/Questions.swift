import Evaluation
import MessagePassing
import Parameters
import Runs
import Samples

/// A command that only answers: the root does, and no rank needs another.
protocol Question: Command {
  /// What it prints.
  func answer() throws -> String
}

extension Question {
  func answerAlone() throws -> Int32? {
    try StandardStream.output.answer(try answer())
    return 0
  }

  func run(started: Double, on world: Communicator) throws -> Int32 {
    try world.onRoot { () throws -> Int32 in try answerAlone() ?? 1 }
  }
}

/// `gpa-mpi --keys [SECTION]`.
struct KeysCommand: Question {
  static let name = "--keys"
  static let operandNames = "[SECTION]"
  static let meaning = "prints every key of decks with its meaning, its default and what is allowed"

  private var section: String?

  mutating func take(operands: [String]) throws {
    guard operands.count <= 1 else { throw UsageError("--keys takes one section or key") }
    section = operands.first
  }

  func answer() throws -> String { try KeyTable(Deck.description()).text(of: section) }
}

/// `gpa-mpi --list`: the names that keys choose from. Those of samples are the same for source, target and generated.
struct ListCommand: Question {
  static let name = "--list"
  static let meaning = "prints the names that decks, and evaluate, can choose from"

  func answer() -> String {
    var text = ""
    for key in Deck.description() where !key.names.isEmpty {
      let parts = key.path.split(separator: "."), isOfSamples = parts.last == "sampler"
      if isOfSamples, parts.first != "source" { continue }
      text += "\(isOfSamples ? "sampler" : key.path): \(key.allowed)\n"
    }
    text += "file: \(sampleFormatNames.joined(separator: ", "))\n"
    return text + "evaluate --metrics: \(sampleMetrics.map { $0.name }.joined(separator: ", "))\n"
  }
}

/// `gpa-mpi --version`.
struct VersionCommand: Question {
  static let name = "--version"
  static let meaning = "prints the program's version, how it was built, and its libraries"

  func answer() -> String { "\(Provenance.program)\n\(Provenance.build)\n\(Provenance.libraries)\n" }
}

/// `gpa-mpi --help`, `gpa-mpi help COMMAND` and `gpa-mpi COMMAND --help`.
struct HelpCommand: Question {
  static let name = "--help"
  static let operandNames = "[COMMAND]"
  static let meaning = "prints this, or all about a command; gpa-mpi help COMMAND does so too"

  private var command: (any Command.Type)?

  mutating func take(operands: [String]) throws {
    guard let word = operands.first else { return }
    guard operands.count == 1, let found = commands.first(where: { $0.name == word }) else {
      let hint = nearest(to: word, among: commands.map { $0.name }).map { ", did you mean \($0)?" } ?? ""
      throw UsageError("there is no command \(operands.joined(separator: " "))\(hint)")
    }
    command = found
  }

  func answer() -> String {
    func text(_ words: String) -> String { wrapped(words, margin: "", width: helpWidth) }
    if let command { return command.help + command.details }
    return text(
      "gpa-mpi moves particles to a target known by samples, by the gradient flow of the Lipschitz-regularized "
        + "f-divergence.") + "\n" + commands.map { $0.help }.joined(separator: "\n") + "\n"
      + text(
        "SIGUSR1, SIGTERM, SIGINT, a file STOP in the run folder and stop.wall_time end a run after the step with a "
          + "checkpoint.") + "\n"
      + text("Exit codes: 0 converged or finished, 2 bad input or usage, 3 diverged, 4 interrupted, 1 anything else.")
  }
}
