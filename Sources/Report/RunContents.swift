import Parameters
import Runs
import Samples
import Storage
import YAML

/// What a report takes from a run folder.
struct RunContents {
  let folder: String
  let deck: Deck
  let deckText: String
  let status: String
  let bestStep: Int?
  /// Names and texts of how the result came about, those that the file has.
  let provenance: [(name: String, text: String)]
  let metrics: [(column: String, values: [Double])]
  /// What the flows are called; one without a name where there is one alone.
  let flows: [String]
  let frameSteps: [Int]
  let dimension: Int
  /// The last words of the log.
  let lastWords: [String]
  /// The header of the log.
  let header: [String]
  let reader: RunFileReader

  /// Reads a run folder. Throws a ``ReportError``.
  init(_ path: String) throws {
    let folder = RunFolder(path)
    self.folder = path
    guard RunFolder.isFile(folder.result) else { throw ReportError.noRun(folder: path, reason: "no run.h5") }
    do {
      reader = try RunFileReader(folder.result)
      deckText = try reader.deck
      deck = try Deck.read(Tree(yaml: deckText, file: folder.result))
      status = try reader.status
      bestStep = try reader.bestStep
      provenance = try reader.texts(ofAttributes: ["program", "version", "build", "libraries", "host", "started"])
      metrics = try reader.metrics
      let names = try reader.flowNames
      flows = names.isEmpty ? [""] : names
      frameSteps = try reader.frameSteps
      dimension = try reader.columns(of: "target")
      guard try reader.has("particles") else { throw ReportError.noRun(folder: path, reason: "it has not ended yet") }
    } catch let error as ReportError { throw error } catch {
      throw ReportError.noRun(folder: path, reason: "\(error)")
    }
    let log =
      (try? ByteFile.contents(of: folder.log)).map { String(decoding: $0, as: UTF8.self) }?.split(
        separator: "\n", omittingEmptySubsequences: false
      ).map(String.init) ?? []
    header = log.prefix { !$0.isEmpty }.map { $0 }
    let start = log.lastIndex { $0.hasPrefix("total ") } ?? log.endIndex
    lastWords = log[start...].dropFirst().filter { !$0.isEmpty && !$0.hasPrefix("result: ") }
  }

  /// The number of steps made.
  var steps: Int { (metrics.first?.values.count ?? 0) / flows.count }

  /// The values of a metric of one flow, a step each; nil where there is none.
  func values(_ column: String, flow: Int = 0) -> [Double]? {
    metrics.first { $0.column == column }.map { found in
      stride(from: flow, to: found.values.count, by: flows.count).map { found.values[$0] }
    }
  }

  /// At most so many rows of a dataset, an even choice by chance, the same every time; with their places.
  func some(_ most: Int, of dataset: String) throws -> (places: [Int], rows: [Double]) {
    let count = try reader.rows(in: dataset), all = try reader.rows(of: dataset)
    return Self.chosen(all, count: count, most)
  }

  static func chosen(_ all: [Double], count: Int, _ most: Int) -> (places: [Int], rows: [Double]) {
    let places = Excerpt.choice(of: most, from: count), width = count > 0 ? all.count / count : 0
    return (places, places.flatMap { all[$0 * width..<($0 + 1) * width] })
  }
}
