import Glibc
import Runs
import Storage

/// The report of runs: one page that says what was done, how it went and what came of it, in words, tables and figures.
package struct RunReport {
  private let runs: [RunContents]

  /// Reads the run folders. For one process; throws a ``ReportError``.
  package init(_ folders: [String]) throws { runs = try folders.map { try RunContents($0) } }

  /// What `evaluate` says of a run: its verdict in sentences, and its table.
  package struct Judgement {
    let verdict: [String], table: String

    /// A judgement with its parts.
    package init(verdict: [String], table: String) {
      self.verdict = verdict
      self.table = table
    }
  }

  /// The page; `judgements` are those of the runs, nil where none was asked for. Figures are also written into a
  /// folder, as SVG, PNG and CSV, where one is given. Throws a ``ReportError``, or what writing throws.
  package func html(judgements: [Judgement?], figures folder: String?) throws -> String {
    var names: [String] = []
    for run in runs where !names.contains(run.deck.name) { names.append(run.deck.name) }
    var page = Page(title: "gpa-mpi: " + names.joined(separator: ", "))
    if let folder, mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw ReportError.notDrawn(what: "cannot make the folder '\(folder)' (\(String(cString: strerror(errno))))")
    }
    if runs.count > 1 { try compare(&page, folder) }
    for (index, run) in runs.enumerated() {
      let prefix = runs.count > 1 ? "\(index + 1)-" : ""
      try add(run, judgements[index], to: &page, figures: folder.map { $0 + "/" + prefix })
    }
    page.heading("How to cite")
    page.paragraph(
      "H. Gu, P. Birmpa, Y. Pantazis, L. Rey-Bellet, M. A. Katsoulakis: Lipschitz-regularized gradient flows and generative "
        + "particle algorithms for high-dimensional scarce data; and this program, gpa-mpi \(version).")
    return page.html
  }

  private func compare(_ page: inout Page, _ folder: String?) throws {
    page.heading("The runs beside each other")
    let columns = ["divergence", "fisher_information", "held_out", "memory", "kept"].filter { column in
      runs.contains { $0.values(column) != nil }
    }
    page.table(
      [["run", "folder", "ended", "steps"] + columns.map { $0.replacing("_", with: " ") }]
        + runs.map { run in
          [run.deck.name, run.folder, run.status, "\(run.bestStep ?? run.steps)"]
            + columns.map { run.values($0)?.last.map(Text.short) ?? "" }
        })
    let panels = [("divergence", "divergence from the target"), ("fisher_information", "Fisher information")].map {
      column, title in
      Panel(
        title: title, x: "step", y: column.replacing("_", with: " "),
        series: runs.enumerated().map { index, run in
          .init(
            name: run.folder, style: .line, colour: Panel.colour(index),
            points: (run.values(column) ?? []).enumerated().map { (Double($0 + 1), $1) })
        }, isLogarithmic: true)
    }
    try draw(panels, on: &page, into: folder.map { $0 + "/runs-" })
  }

  private func add(_ run: RunContents, _ judgement: Judgement?, to page: inout Page, figures: String?) throws {
    page.heading(runs.count > 1 ? "\(run.deck.name) (\(run.folder))" : "What was done")
    page.paragraph(try summary(run))
    for line in (judgement?.verdict ?? []) + run.lastWords { page.paragraph(line) }
    let drawn = RunFigures(run)
    page.heading("How it went")
    try draw(drawn.convergence(), on: &page, into: figures.map { $0 + "convergence-" })
    let pictures = try RunImages(run).pictures()
    if !pictures.isEmpty {
      page.heading("Images")
      page.figures(pictures.map { ("png", $0.png, $0.caption) })
      if let figures {
        for (index, picture) in pictures.enumerated() {
          try ByteFile.replace("\(figures)images-\(index + 1).png", with: picture.png)
        }
      }
    }
    let scatter = try drawn.particles()
    if !scatter.isEmpty {
      page.heading("Particles")
      if run.dimension > 2 {
        page.paragraph("Rows are seen in the two principal components of the target, in which it varies most.")
      }
      try draw(scatter, on: &page, into: figures.map { $0 + "particles-" })
    }
    page.heading("Distributions of single columns" + (run.deck.transform.isEmpty ? "" : ", in the space of the flow"))
    try draw(try drawn.marginals(), on: &page, into: figures.map { $0 + "marginals-" })
    if let judgement {
      page.heading("Judged by evaluate")
      page.preformatted(judgement.table)
    }
    page.heading("Time and provenance")
    let order = ["training", "all_reduce", "optimizer", "velocity", "metrics", "output", "other", "total"]
    let timing = try run.reader.timing.sorted {
      order.firstIndex(of: $0.name) ?? -1 < order.firstIndex(of: $1.name) ?? -1
    }
    let total = timing.first { $0.name == "total" }?.mean ?? 0
    page.table(
      [["phase", "seconds, mean of ranks", "least", "most", "share"]]
        + timing.map { phase in
          [phase.name] + [phase.mean, phase.minimum, phase.maximum].map { Text.format("%.3f", $0) }
            + [total > 0 ? Text.format("%.1f%%", 100 * phase.mean / total) : ""]
        })
    page.table([["what", ""]] + run.provenance.map { [$0.name, $0.text] })
    page.folded("header of the run", run.header.joined(separator: "\n"))
    page.folded("the deck with every default, to repeat the run: gpa-mpi run DECK", run.deckText)
  }

  private func summary(_ run: RunContents) throws -> String {
    let reader = run.reader, particles = try reader.rows(in: "particles"), targets = try reader.rows(in: "target")
    let source = run.deck.source
    return "\(particles) particles, "
      + (source.isDrawn ? "drawn from a distribution," : "the rows of a file,")
      + " were moved to \(targets) samples of a target in \(run.dimension) dimensions by \(run.steps) steps"
      + (run.bestStep.map { $0 < run.steps ? ", of which the state after step \($0) was kept" : "" } ?? "")
      + (run.flows.count > 1 ? ", by \(run.flows.count) flows of their own (\(run.flows.joined(separator: ", ")))" : "")
      + ". The run has \(run.status)."
  }

  private func draw(_ panels: [Panel], on page: inout Page, into prefix: String?) throws {
    var figures: [(kind: String, bytes: [UInt8], caption: String)] = []
    for (index, panel) in panels.enumerated() {
      let svg = try panel.svg()
      figures.append(("svg+xml", svg, panel.title))
      guard let prefix else { continue }
      try ByteFile.replace("\(prefix)\(index + 1).svg", with: svg)
      try ByteFile.replace("\(prefix)\(index + 1).csv", with: Array(panel.csv.utf8))
    }
    page.figures(figures)
  }
}
