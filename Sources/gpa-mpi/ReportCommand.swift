import Evaluation
import MessagePassing
import Report
import Runs
import Storage

/// `gpa-mpi report RUN ...`.
struct ReportCommand: Command {
  static let name = "report"
  static let operandNames = "RUN ..."
  static let meaning =
    "one page of HTML about a run, or several beside each other: what was done, how it went, particles, images, distributions, "
    + "what evaluate says, times and provenance; drawn by gnuplot, and readable without a network"
  static let details = """
      gpa-mpi report runs/demo
      gpa-mpi report runs/a runs/b --output both.html --figures figures

    """
  static let options: [Option<ReportCommand>] = [
    .value("--output", "FILE.html", \.output, "the file that is made (RUN/report.html)", needs: "a file") {
      $0.isEmpty ? nil : $0
    },
    .value(
      "--figures", "DIR", \.figures, "write the figures there too, as SVG and PNG, and what they show as CSV",
      needs: "a folder"
    ) { $0.isEmpty ? nil : $0 },
    .flag("--quick", \.isQuick, "leave out what evaluate says"),
  ]

  private var folders: [String] = []
  private var output: String?
  private var figures: String?
  private var isQuick = false

  mutating func take(operands: [String]) throws {
    guard !operands.isEmpty else { throw UsageError("report needs a run folder, such as gpa-mpi report runs/demo") }
    folders = operands
  }

  /// Measures, draws and writes. Collective.
  func run(started: Double, on world: Communicator) throws -> Int32 {
    let report = try world.together { world.isRoot ? try RunReport(folders) : nil }
    let judgements = try folders.map { isQuick ? nil : try judgement($0, started, world) }
    try world.onRoot { () throws -> Void in
      guard let report else { return }
      let path = output ?? folders[0] + "/report.html"
      try ByteFile.replace(path, with: Array(try report.html(judgements: judgements, figures: figures).utf8))
      try StandardStream.output.answer("report: \(path)\n")
    }
    return 0
  }

  /// What `evaluate` says of a run. Collective.
  private func judgement(_ folder: String, _ started: Double, _ world: Communicator) throws
    -> RunReport.Judgement
  {
    let input = try EvaluatedSets(run: SampleWord(folder, header: nil), heldOut: nil, source: nil, on: world)
    let found = try Assessment(of: input.sets, metrics: nil)
    let original = input.isIntegration ? try OriginalSpace(folder, on: world) : nil
    let seconds = ((monotonicSeconds() - started) * 1000).rounded() / 1000
    let table = EvaluateTable(words: [folder], input: input, found: found, original: original, seconds: seconds)
    return RunReport.Judgement(
      verdict: world.isRoot ? table.judgements() : [],
      table: input.notes.map { "note: \($0)\n" }.joined() + table.text(ranks: world.size))
  }
}
