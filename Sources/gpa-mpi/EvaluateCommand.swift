import Evaluation
import MessagePassing
import Parameters
import Runs

/// `gpa-mpi evaluate A B` and `gpa-mpi evaluate RUN`.
struct EvaluateCommand: Command {
  static let name = "evaluate"
  static let operandNames = "A B | RUN"
  static let meaning =
    "judges sample set A by B, that of which it is to be more; each is a FILE, FILE:ARRAY or a run folder, whose moved "
    + "particles are meant; a RUN alone is judged by its own target, held-out rows and start; the table says what each "
    + "figure is, its value for real rows against real rows, and, with a source, for the simple ways to do without a flow; "
    + "under mpirun the ranks share the work"
  static let options: [Option<EvaluateCommand>] = [
    .value(
      "--held-out", "C", \.heldOut,
      "rows of B's distribution that nothing was trained on: what shows copies and memory",
      needs: "a sample set, such as --held-out test.csv", read: nonempty),
    .value(
      "--baseline", "SOURCE", \.baseline,
      "a sample of the source: its mean shift and its Gaussian map onto B are judged too, and rows of B drawn again",
      needs: "a sample set, such as --baseline source.csv", read: nonempty),
    Option(
      name: "--metrics", argument: "NAMES", meaning: "only these, as in sliced_w2,mmd; --list shows all",
      set: { $0.metrics = try metrics(named: $1) }, repeated: { _ in [] }),
    .value(
      "--header", "true|false", \.header,
      "whether the first lines of .csv and .tsv files hold names (as the tables show)", needs: "true or false",
      read: Bool.init),
    .flag("--json", \.isJSON, "print the numbers as JSON"),
  ]

  private var words: [String] = []
  private var heldOut: String?
  private var baseline: String?
  private var metrics: [any SampleMetric.Type]?
  private var header: Bool?
  private var isJSON = false

  mutating func take(operands: [String]) throws {
    guard (1...2).contains(operands.count) else {
      throw UsageError(
        "evaluate needs two sample sets or a run folder, such as gpa-mpi evaluate new.npy train.csv --held-out test.csv"
      )
    }
    words = operands
  }

  private static func nonempty(_ text: String) -> String? { text.isEmpty ? nil : text }

  private static func metrics(named list: String) throws -> [any SampleMetric.Type] {
    let names = list.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.drop { $0 == " " }.prefix { $0 != " " })
    }
    let known = sampleMetrics.map { $0.name }
    for name in names where !known.contains(name) {
      let hint = nearest(to: name, among: known).map { ", did you mean \($0)?" } ?? ""
      throw UsageError(
        "--metrics: there is no metric '\(oneLine(name, limit: 60))'\(hint); there are \(known.joined(separator: ", "))"
      )
    }
    return sampleMetrics.filter { names.contains($0.name) }
  }

  /// Measures and prints. Collective.
  func run(started: Double, on world: Communicator) throws -> Int32 {
    func word(_ text: String) -> SampleWord { SampleWord(text, header: header) }
    let input =
      words.count == 1
      ? try EvaluatedSets(
        run: word(words[0]), heldOut: heldOut.map(word), source: baseline.map(word), on: world)
      : try EvaluatedSets(
        word(words[0]), word(words[1]), heldOut: heldOut.map(word), source: baseline.map(word), on: world)
    let found = try Assessment(of: input.sets, metrics: metrics)
    let original =
      words.count == 1 && input.isIntegration && metrics == nil ? try OriginalSpace(words[0], on: world) : nil
    try world.onRoot { () throws -> Void in
      let seconds = ((monotonicSeconds() - started) * 1000).rounded() / 1000
      // What reads JSON expects nothing else.
      for note in input.notes {
        (isJSON ? StandardStream.error : .output).write("note: \(oneLine(note, limit: 1000))\n")
      }
      let table = EvaluateTable(words: words, input: input, found: found, original: original, seconds: seconds)
      try StandardStream.output.answer(isJSON ? table.json : table.text(ranks: world.size))
    }
    return 0
  }
}
