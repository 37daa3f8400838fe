import Evaluation
import Parameters
import Runs

/// What `evaluate` prints: a table for people, and the same as JSON.
struct EvaluateTable {
  let words: [String]
  let input: EvaluatedSets
  let found: Assessment
  /// The distances in the original space, of a run that has one.
  let original: OriginalSpace?
  let seconds: Double

  private var sets: SampleSets { input.sets }
  private static let floor = Assessment.floor, suffix = Assessment.heldOutSuffix
  private static let titles = [
    "a": "A", "generated": "generated", "floor": "real rows", "copy": "copy", "mean_shift": "shift",
    "gaussian_map": "gauss", "mean_std": "std", "to_mean": "mean",
  ]
  /// What is judged beside A for comparison.
  static let baselines = [
    (name: "copy", meaning: "rows of B drawn again"),
    (name: "mean_shift", meaning: "the source with its mean moved to that of B"),
    (name: "mean_std", meaning: "the source with its means and standard deviations made those of B"),
    (
      name: "gaussian_map",
      meaning: "the source carried onto B as Gaussians are, with covariances shrunk by as much as their rows say"
    ),
    (name: "to_mean", meaning: "every row of the source at the mean of B"),
  ]
  private static let nameWidth = 22, wideColumn = 17, narrowColumn = 8

  /// The columns, those of figures with their errors first.
  private var wide: [String] { sets.judged.map(\.name) + [Self.floor] }
  private var narrow: [String] { sets.baselines.map(\.name) }

  /// The table, at most 100 letters wide.
  func text(ranks: Int) -> String {
    let (a, b) = (sets.judged[0].rows, sets.reference)
    var text = wrapped(
      "\(oneLine(words[0], limit: 300)) (A, \(a.rows) rows) judged by "
        + (words.count > 1 ? "\(oneLine(words[1], limit: 300)) (B" : "the target (B") + ", \(b.rows) rows)"
        + (sets.heldOut.map { " and \($0.rows) held-out rows (C)" } ?? "") + " in \(b.columns) dimensions", margin: "",
      hanging: "  ")
    if let columns = input.columns { text += "  \(columns.description)\n" }
    text += "\n" + line("", wide.map(Self.title), narrow.map(Self.title))
    for row in found.rows where !isDetail(row) {
      let isHeldOut = row.name.hasSuffix(Self.suffix)
      let name = isHeldOut ? "  from held-out rows" : row.name
      text += line(name, wide.map { figure(row, $0) }, narrow.map { figure(row, $0, isShort: true) })
    }
    if let original { text += OriginalSpaceTable(original: original).text }
    text += "\n" + remarks() + "\n" + definitions() + "\n" + judgements().map { wrapped($0, margin: "") }.joined()
    return text + "\(seconds) s on \(ranks) rank\(ranks == 1 ? "" : "s")\n"
  }

  /// Whether a quantity says the same in other words, or what another one was taken with.
  private func isDetail(_ row: Assessment.Row) -> Bool {
    ["_squared", "_geomloss", "_blur", "_bandwidth"].contains {
      row.name.replacing(Self.suffix, with: "").hasSuffix($0)
    }
  }

  /// What a column of figures is called in the table.
  static func title(_ column: String) -> String { titles[column] ?? column }

  private func line(_ name: String, _ wide: [String], _ narrow: [String]) -> String {
    var line = Text.left(name, Self.nameWidth)
    for field in wide { line += Text.left(field, Self.wideColumn) }
    for field in narrow { line += Text.left(field, Self.narrowColumn) }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }

  private func figure(_ row: Assessment.Row, _ column: String, isShort: Bool = false) -> String {
    guard let figure = row.figures[column], let value = figure.value else { return "-" }
    let short = Text.format("%.3g", value), usual = Text.short(value)
    // Columns keep apart.
    if isShort { return short.count < Self.narrowColumn ? short : Text.format("%.2g", value) }
    return (usual.count > 8 ? short : usual) + (figure.standardError.map { Text.format(" ±%.1g", $0) } ?? "")
  }

  private func remarks() -> String {
    var text = ""
    for row in found.rows {
      if !isDetail(row), let remark = row.remark {
        text += wrapped("\(row.name): \(remark)", margin: "  ", hanging: "    ")
      }
    }
    if found.rows.contains(where: isDetail) {
      text += wrapped(
        "--json gives squares, GeomLoss's convention, blurs and bandwidths as well", margin: "  ", hanging: "    ")
    }
    text += wrapped("real rows: \(floorInWords)", margin: "  ", hanging: "    ")
    for baseline in Self.baselines where narrow.contains(baseline.name) {
      text += wrapped("\(Self.title(baseline.name)): \(baseline.meaning)", margin: "  ", hanging: "    ")
    }
    text += wrapped(
      "±: a standard error, by ten random halves of all sets"
        + (found.isShortened ? "; where it would take long, none" : ""),
      margin: "  ", hanging: "    ")
    for (metric, seconds) in found.leftOut {
      text += wrapped(
        "not taken: \(metric.name), about \(Text.duration(seconds)) on one core; --metrics asks for it", margin: "  ",
        hanging: "    ")
    }
    return text
  }

  private var floorInWords: String {
    guard let heldOut = sets.heldOut else {
      return "one half of B against the other, as there are no held-out rows: \(sets.reference.rows / 2) rows, so that "
        + "distances that shrink with the number of rows are larger than between whole sets"
    }
    return
      "the \(heldOut.rows) held-out rows in the place of A; for what held-out rows are needed for, one half of them with "
      + "the other half held out"
  }

  private func definitions() -> String {
    var text = "", told: [String] = []
    for row in found.rows where !told.contains(row.metric.name) {
      told.append(row.metric.name)
      text += wrapped("\(row.metric.name): \(row.metric.meaning)", margin: "  ", hanging: "    ")
    }
    return text
  }

  func judgements() -> [String] {
    sets.judged.map { set in
      let name = set.name == "a" ? "A" : "What the field carried along"
      return found.judgement(of: set.name, called: name) + "."
    } + (input.isIntegration ? [found.integration].compactMap { $0 } + input.betterSteps.map { $0 + "." } : [])
  }

  /// One object, on lines that people can read.
  var json: String {
    let quantities = found.rows.map { row in
      var fields = ["\"metric\": \(quoted(row.metric.name))"]
      for column in wide + narrow {
        let name = column == "a" ? "value" : column, figure = row.figures[column]
        fields.append("\(quoted(name)): \(number(figure?.value))")
        let error = column == "a" ? "standard_error" : "\(column)_standard_error"
        fields.append("\(quoted(error)): \(number(figure?.standardError))")
      }
      fields.append("\"remark\": \(row.remark.map(quoted) ?? "null")")
      return "    \(quoted(row.name)): {\(fields.joined(separator: ", "))}"
    }
    let counts =
      [("a", sets.judged[0].rows.rows), ("b", sets.reference.rows)].map { "\"\($0)\": \($1)" }
      + ["\"held_out\": \(sets.heldOut.map { "\($0.rows)" } ?? "null")"]
    return """
      {
        "rows": {\(counts.joined(separator: ", "))}, "dimension": \(sets.reference.columns),
        "quantities": {
      \(quantities.joined(separator: ",\n"))
        },
        "original_space": \(original.map { OriginalSpaceTable(original: $0).json } ?? "null"),
        "floor": \(quoted(floorInWords)),
        "left_out": [\(found.leftOut.map { quoted($0.metric.name) }.joined(separator: ", "))],
        "judgement": \(quoted(judgements().joined(separator: " "))),
        "seconds": \(seconds)
      }

      """
  }

  private func number(_ value: Double?) -> String { jsonNumber(value) }
  private func quoted(_ text: String) -> String { jsonText(text) }
}

/// A number as JSON has it; null for none.
func jsonNumber(_ value: Double?) -> String { value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null" }

/// A text as JSON has it, in one line.
func jsonText(_ text: String) -> String {
  "\"" + oneLine(text, limit: 8000).map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
}
