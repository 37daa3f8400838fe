import Foundation
import HDF5
import Support

/// A temporary folder with decks and data in it, in which jobs run, and what they leave.
struct Workplace {
  /// The working directory of the jobs; decks name their files relative to it.
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a deck and returns its path.
  @discardableResult
  func write(deck text: String, to name: String = "deck.yaml") throws -> String {
    try folder.write(text, to: name)
  }

  /// Runs `gpa-mpi run deck.yaml --output OUTPUT ARGUMENTS` to its end.
  func run(
    ranks: Int = 1, deck: String = "deck.yaml", output: String = "out", _ arguments: [String] = []
  ) throws -> MPIJob.Outcome {
    try command(ranks: ranks, ["run", deck, "--output", output] + arguments)
  }

  /// Runs gpa-mpi with these words to its end.
  func command(ranks: Int = 1, _ words: [String]) throws -> MPIJob.Outcome {
    try MPIJob.run(ranks: ranks, arguments: words, folder: folder.path)
  }

  /// The result of a run in this folder.
  func result(_ output: String = "out") throws -> RunResult {
    RunResult(file: try HDF5File(reading: folder.file("\(output)/run.h5")))
  }

  /// A text file of a run.
  func text(_ name: String, output: String = "out") throws -> String {
    try String(contentsOf: URL(fileURLWithPath: folder.file("\(output)/\(name)")), encoding: .utf8)
  }

  /// Whether a run folder, or whatever has its name, is there.
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.file(name)) }
}

/// What a run stored.
struct RunResult {
  let file: HDF5File

  func floats(_ dataset: String) throws -> [Float] { try file.values(of: dataset) }
  func doubles(_ dataset: String) throws -> [Double] { try file.values(of: dataset) }
  func integers(_ dataset: String) throws -> [Int64] { try file.values(of: dataset) }
  var status: String { get throws { try file.text(attribute: "status") } }

  /// Everything that has to be the same whatever the number of ranks: all numbers but the timing.
  func reproducible() throws -> [String: [Double]] {
    var all: [String: [Double]] = [:]
    for name in try file.datasets() where ["timing/", "names/", "labels/"].allSatisfy({ !name.hasPrefix($0) }) {
      all[name] = try doubles(name)
    }
    return all
  }
}

/// Rows of a .npy file of float32.
func write(rows: [[Float]], to path: String) throws {
  try NumPyFile.write(NumPyArray(shape: [rows.count, rows.first?.count ?? 2], rows.flatMap { $0 }), to: path)
}
