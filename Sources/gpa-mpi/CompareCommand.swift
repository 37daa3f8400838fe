import MessagePassing
import Runs

/// `gpa-mpi compare RUN RUN`.
struct CompareCommand: Command {
  static let name = "compare"
  static let operandNames = "RUN RUN"
  static let meaning =
    "whether two runs have the same bits, and if not the first step, quantity and particle that differ, in units of the last "
    + "place; exit code 0 where they are the same, 1 where not"
  static let details = """
      gpa-mpi compare runs/on-2-ranks runs/on-7-ranks

    """

  private var folders: [String] = []

  mutating func take(operands: [String]) throws {
    guard operands.count == 2 else {
      throw UsageError("compare needs two run folders, such as gpa-mpi compare runs/a runs/b")
    }
    folders = operands
  }

  func answerAlone() throws -> Int32? { try compared() }

  func run(started: Double, on world: Communicator) throws -> Int32 {
    Int32(try world.onRoot { Int(try compared()) })
  }

  private func compared() throws -> Int32 {
    let found = try RunComparison(folders[0], folders[1])
    try StandardStream.output.answer(found.lines.map { $0 + "\n" }.joined())
    return found.isSame ? 0 : 1
  }
}
