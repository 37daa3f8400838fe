import MessagePassing
import Parameters
import Runs

/// `gpa-mpi check DECK`.
struct CheckCommand: Command {
  static let name = "check"
  static let operandNames = "DECK"
  static let meaning =
    "checks a deck, its data and its run folder, and prints the deck with every default filled in, with advice on L and the "
    + "time step as comments"
  static let options: [Option<CheckCommand>] = [
    .overrides(\.overrides),
    .value(
      "--output", "DIR", \.output, "the run folder, in the place of the deck's", needs: "a folder"
    ) { $0.isEmpty ? nil : $0 },
  ]

  private var deck = ""
  private var overrides: [(path: String, value: String)] = []
  private var output: String?

  mutating func take(operands: [String]) throws {
    guard operands.count == 1 else { throw UsageError("check needs one deck, such as jobs/swiss-roll.yaml") }
    deck = operands[0]
  }

  /// Answers also where the folder takes no run now: the deck is in order, and another folder, or a later time, may do.
  func answerAlone() throws -> Int32? {
    let folder = DeckFile.folder(of: deck)
    let read = try Deck.read(try DeckFile.text(deck), file: deck, overrides: overrides)
    var text = try read.text + Advice.lines(read, folder: folder).map { "# \($0)\n" }.joined()
    let outlook = Result { try FolderOutlook.note(of: read, output: output) }
    if case .success(let note?) = outlook { text += "# note: \(oneLine(note, limit: 1000))\n" }
    try StandardStream.output.answer(text)
    _ = try outlook.get()
    return 0
  }

  func run(started: Double, on world: Communicator) throws -> Int32 {
    try world.onRoot { () throws -> Int32 in try answerAlone() ?? 1 }
  }
}
