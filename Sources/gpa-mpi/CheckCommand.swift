import Runs

/// `gpa-mpi check DECK`.
struct CheckCommand: Question {
  static let name = "check"
  static let operandNames = "DECK"
  static let meaning =
    "checks a deck and prints it with every default filled in, with advice on L and the time step as comments"
  static let options: [Option<CheckCommand>] = [.overrides(\.overrides)]

  private var deck = ""
  private var overrides: [(path: String, value: String)] = []

  mutating func take(operands: [String]) throws {
    guard operands.count == 1 else { throw UsageError("check needs one deck, such as jobs/swiss-roll.yaml") }
    deck = operands[0]
  }

  func answer() throws -> String {
    let read = try Deck.read(try DeckFile.text(deck), file: deck, overrides: overrides)
    return try read.text + Advice.lines(read, folder: DeckFile.folder(of: deck)).map { "# \($0)\n" }.joined()
  }
}
