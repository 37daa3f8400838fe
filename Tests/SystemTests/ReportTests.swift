import Foundation
import HDF5
import Support
import Testing

/// Pages about runs.
@Suite struct ReportTests {
  private static let isHere = ["/usr/bin/gnuplot", "/usr/local/bin/gnuplot"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private func place(_ deck: String) throws -> Workplace {
    let place = try Workplace()
    var rows = "kind,x,y & z\n"
    for i in 0..<40 { rows += "\(i % 2 == 0 ? "<a>" : "b"),\(Double(i) / 8),\(Double(i * i % 23) / 16)\n" }
    try rows.write(toFile: place.folder.file("target.csv"), atomically: true, encoding: .utf8)
    try place.write(deck: deck + "transport: {steps: 6}\nstop: {automatic: false}\noutput: {frames_every: 2}\n")
    #expect(try place.run(ranks: 2).exitCode == 0)
    return place
  }

  private static let labelled =
    "{file: target.csv, columns: [x, y & z], labels: {file: target.csv, column: kind}}"

  private func count(_ text: String, _ part: String) -> Int { text.components(separatedBy: part).count - 1 }

  /// One file with all that a run has left, and its figures as files of their own.
  @Test(.enabled(if: isHere, "gnuplot is not installed"))
  func page() throws {
    let place = try place(
      "source: {sampler: gaussian, count: 60, dimension: 2}\nclasses: conditional\ntarget: \(Self.labelled)\n")
    let outcome = try place.command(ranks: 2, ["report", "out", "--figures", "drawn"])
    try #require(outcome.exitCode == 0 && outcome.output.contains("report: out/report.html"), "\(outcome.description)")
    let html = try place.text("report.html")
    #expect(
      html.contains(
        "60 particles, drawn from a distribution, were moved to 40 samples of a target in 2 dimensions by 6 steps"))
    for words in ["finished: all 6 steps made", "energy_distance", "Open MPI", "all_reduce", "y &amp; z"] {
      #expect(html.contains(words), "\(words)")
    }
    // Divergence, Fisher information, speeds; start, end, target, ways; two columns.
    #expect(count(html, "<img ") == 9 && count(html, "data:image/svg+xml;base64,") == 9)
    #expect(!html.contains("http") && !html.contains("<script"))
    let figures = try FileManager.default.contentsOfDirectory(atPath: place.folder.file("drawn")).sorted()
    #expect(figures.count == 18 && figures.first == "convergence-1.csv", "\(figures)")
    let lines = try String(contentsOfFile: place.folder.file("drawn/convergence-1.csv"), encoding: .utf8)
      .split(separator: "\n")
    let divergence = try place.result().doubles("metrics/divergence")
    #expect(lines.count == 7 && lines.dropFirst().map { Double($0.split(separator: ",")[2]) } == divergence)
    let ends = try String(contentsOfFile: place.folder.file("drawn/particles-2.csv"), encoding: .utf8)
    let labels = try place.result().file.texts(of: "labels/particles")
    #expect(count(ends, "\n<a>,") == labels.count { $0 == "<a>" } && count(ends, "\n") == 61)
    let drawing = try String(contentsOfFile: place.folder.file("drawn/particles-2.svg"), encoding: .utf8)
    #expect(drawing.contains("end: the particles after step 6") && drawing.contains("&lt;a>"))
  }

  /// Flows of their own, images, and runs beside each other.
  @Test(.enabled(if: isHere, "gnuplot is not installed"))
  func flowsImagesAndSeveralRuns() throws {
    let flows = try place("source: \(Self.labelled)\ntarget: \(Self.labelled)\n")
    let first = try flows.command(["report", "out", "--quick"])
    try #require(first.exitCode == 0, "\(first.description)")
    let html = try flows.text("report.html")
    #expect(html.contains("by 2 flows of their own (&lt;a&gt;, b)") && !html.contains("energy_distance"))
    let images = try place(
      """
      source: {sampler: uniform, count: 30, dimension: 12}
      target: {sampler: uniform, count: 20, dimension: 12, high: 0.5}
      generated: {sampler: uniform, count: 9, dimension: 12}
      discriminator: {network: convolutional, image: [4, 3, 1], channels: [4], kernel: 3, hidden: [4]}

      """)
    #expect(try images.run(ranks: 1, output: "again").exitCode == 0)
    let both = try images.command(["report", "out", "again", "--quick", "--output", "both.html"])
    try #require(both.exitCode == 0, "\(both.description)")
    let page = try String(contentsOfFile: images.folder.file("both.html"), encoding: .utf8)
    #expect(page.contains("The runs beside each other") && count(page, "data:image/png;base64,") == 4)
    #expect(page.contains("carried along by the field"))
  }

  /// What cannot be drawn is said, with the way out.
  @Test func refused() throws {
    let place = try place("source: {sampler: gaussian, count: 60, dimension: 2}\ntarget: \(Self.labelled)\n")
    let nothing = try place.command(["report", "elsewhere"])
    #expect(
      nothing.exitCode == 2 && nothing.errors.contains("'elsewhere' has no run to report"), "\(nothing.description)")
    let program = try product(named: "gpa-mpi")
    let outcome = try MPIJob.run(
      ranks: 1, executable: "/bin/bash", arguments: ["-c", "PATH=/nowhere exec '\(program)' report out --quick"],
      folder: place.folder.path)
    #expect(outcome.exitCode == 2 && outcome.errors.contains("install it (gnuplot-nox)"), "\(outcome.description)")
  }
}
