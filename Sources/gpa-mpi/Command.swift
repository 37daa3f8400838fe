import MessagePassing
import Parameters

/// One thing that gpa-mpi does, chosen by the first word of the command line.
protocol Command: Sendable {
  /// The word that chooses it.
  static var name: String { get }
  /// What stands behind the word, for the help.
  static var operandNames: String { get }
  /// What it does, in a line or two for the help.
  static var meaning: String { get }
  /// What its own help says besides, in lines of at most ``helpWidth`` letters.
  static var details: String { get }
  /// Its options: parsing, near misses and the help follow from this table.
  static var options: [Option<Self>] { get }
  /// The command as it is without options.
  init()
  /// Takes the words that are no options. Throws a ``UsageError``.
  mutating func take(operands: [String]) throws
  /// Does it on one process without MPI; nil: it needs MPI. Only asked where no launcher started the program.
  func answerAlone() throws -> Int32?
  /// Does it; the exit code of every rank. Collective. `started` is when the program began, by ``monotonicSeconds()``.
  func run(started: Double, on world: Communicator) throws -> Int32
}

extension Command {
  static var options: [Option<Self>] { [] }
  static var operandNames: String { "" }
  static var details: String { "" }
  func answerAlone() throws -> Int32? { nil }

  mutating func take(operands: [String]) throws {
    guard operands.isEmpty else { throw UsageError("\(Self.name) takes nothing behind it, not \(operands[0])") }
  }

  /// The command that these words, behind its name, ask for.
  static func parse(_ words: [String]) throws -> Self { try parse(words, into: Self()) }

  static func parse(_ words: [String], into start: Self) throws -> Self {
    var command = start, operands: [String] = [], left = words[...]
    while let word = left.popFirst() {
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let option = options.first(where: { $0.name == parts[0] }) else {
        let hint = nearest(to: parts[0], among: options.map(\.name) + questions).map { ", did you mean \($0)?" } ?? ""
        throw UsageError("\(name) has no option \(parts[0])\(hint)")
      }
      guard option.argument != nil else {
        // `--overwrite=no` must not overwrite.
        guard parts.count == 1 else {
          throw UsageError("\(option.name) takes no value: give it or leave it out, not \(word)")
        }
        try option.set(&command, "")
        continue
      }
      guard let value = parts.count == 2 ? parts[1] : left.popFirst() else {
        throw UsageError("\(option.name) needs a value")
      }
      try option.set(&command, value)
    }
    try command.take(operands: operands)
    return command
  }

  /// The command's lines in the help.
  static var help: String {
    var text = "  gpa-mpi \(name)\(operandNames.isEmpty ? "" : " " + operandNames)\n"
    text += wrapped(meaning, margin: "      ", width: helpWidth)
    for option in options {
      let head = "      " + option.name + (option.argument.map { " " + $0 } ?? "")
      let lines = wrapped(option.meaning, margin: String(repeating: " ", count: 32), width: helpWidth)
      text += head.count < 31 ? head + lines.dropFirst(head.count) : head + "\n" + lines
    }
    return text
  }
}

/// The columns of the help.
let helpWidth = 80

/// All commands, in the order of the help. Without a word the first one runs the built-in job.
let commands: [any Command.Type] = [
  RunCommand.self, CheckCommand.self, GenerateCommand.self, EvaluateCommand.self, ReportCommand.self,
  CompareCommand.self, DivergenceCommand.self,
  KeysCommand.self, ListCommand.self, HelpCommand.self, VersionCommand.self,
]

/// The commands that are asked for like options, anywhere among the words.
private let questions = commands.map { $0.name }.filter { $0.hasPrefix("--") }

/// Understands the words behind the program's name. Throws a ``UsageError``.
func parseCommand(_ words: [String]) throws -> any Command {
  if words.first == "help" { return try HelpCommand.parse(Array(words.dropFirst())) }
  if words.contains("-h") || words.contains(HelpCommand.name) {
    let named = words.first { word in !word.hasPrefix("-") && commands.contains { $0.name == word } }
    return try HelpCommand.parse(named.map { [$0] } ?? [])
  }
  for question in [VersionCommand.name, ListCommand.name] where words.contains(question) {
    if let type = commands.first(where: { $0.name == question }) { return try type.parse([]) }
  }
  // A question's operand may stand behind an equals sign, as options' values may.
  let words = words.flatMap { word in
    word.hasPrefix(KeysCommand.name + "=")
      ? [KeysCommand.name, String(word.dropFirst(KeysCommand.name.count + 1))] : [word]
  }
  guard let place = words.firstIndex(where: { word in commands.contains { $0.name == word } }) else {
    return try runCommand(words)
  }
  guard let type = commands.first(where: { $0.name == words[place] }), !isValue(place, of: words) else {
    return try runCommand(words)
  }
  return try type.parse(Array(words[..<place] + words[(place + 1)...]))
}

/// Whether a word is the value of an option before it, such as the folder in `--output run`.
private func isValue(_ place: Int, of words: [String]) -> Bool {
  place > 0 && RunCommand.options.contains { $0.name == words[place - 1] && $0.argument != nil }
}

private func runCommand(_ words: [String]) throws -> any Command {
  if let word = words.first, !word.hasPrefix("-") {
    if word.hasSuffix(".yaml") || word.hasSuffix(".yml") {
      throw UsageError("to run a deck, type gpa-mpi run \(word)")
    }
    let hint = nearest(to: word, among: commands.map { $0.name }).map { ", did you mean \($0)?" } ?? ""
    throw UsageError("there is no command \(word)\(hint)")
  }
  return try RunCommand.parse(words, into: .builtIn)
}
