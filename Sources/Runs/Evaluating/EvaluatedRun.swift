import MessagePassing
import Parameters
import Samples
import Storage
import YAML

/// The sample sets that a run has left in its folder.
struct EvaluatedRun {
  private let folder: RunFolder
  private let communicator: Communicator
  /// On the root.
  private let reader: RunFileReader?
  private let columns: [String]?
  /// What a user should know of the run, on the root.
  let note: String?

  /// Looks at a folder. Throws an `AgreedError` caused by an ``EvaluationError`` where no run has ended there. Collective.
  init(_ path: String, on communicator: Communicator) throws {
    let folder = RunFolder(path)
    self.folder = folder
    self.communicator = communicator
    let found = try communicator.together { () throws -> (RunFileReader, [String]?, String?)? in
      guard communicator.isRoot else { return nil }
      guard SampleWord(path).isFolder else { throw EvaluationError.noFolder(folder.path) }
      guard RunFolder.isFile(folder.result) else { throw EvaluationError.noRun(folder: folder.path) }
      guard let reader = try? RunFileReader(folder.result), let status = try? reader.status else {
        // A file that a job is just changing is no damaged one.
        guard (try? FolderMark(in: folder, version: version).requireFree()) != nil else {
          throw EvaluationError.isRunning(folder: folder.path)
        }
        throw EvaluationError.unreadable(file: folder.result)
      }
      guard status != RunStatus.running.rawValue else { throw EvaluationError.isRunning(folder: folder.path) }
      let isWhole = status == RunStatus.finished.rawValue || status == RunStatus.converged.rawValue
      return (reader, try reader.columnNames, isWhole ? nil : "the run in '\(folder.path)' has \(status)")
    }
    reader = found?.0
    columns = found?.1
    note = found?.2
  }

  /// Whether the run has left rows of this name. Collective.
  func has(_ dataset: String) throws -> Bool { try communicator.onRoot { try reader?.has(dataset) ?? false } }

  /// Where it should have ended, for people; on the root.
  func betterSteps() throws -> [String] { try reader.map { try BetterStep($0).sentences } ?? [] }

  /// Whether the particles are rows of files, and not drawn. Collective.
  func movesSamples() throws -> Bool {
    try communicator.onRoot {
      guard let text = try reader?.deck, let deck = try? Deck.read(Tree(yaml: text, file: folder.result)) else {
        return false
      }
      return !deck.source.isDrawn
    }
  }

  /// The labels of particles and targets as numbers, the same number for the same text; nil where one has none. Collective.
  func labels() throws -> (particles: [Int32], target: [Int32])? {
    var texts: (particles: [String], target: [String]) = ([], [])
    let counts = try communicator.onRoot { () throws -> SIMD2<Int> in
      guard let reader, let found = try reader.labels else { return .zero }
      texts = found
      return [found.particles.count, found.target.count]
    }
    guard counts[0] > 0, counts[1] > 0 else { return nil }
    let words = Set(texts.particles + texts.target).sorted()
    let numbers = Dictionary(zip(words, words.indices.map { Int32($0) })) { first, _ in first }
    func shared(_ texts: [String], _ count: Int) throws -> [Int32] {
      var all = communicator.isRoot ? texts.map { numbers[$0] ?? 0 } : [Int32](repeating: 0, count: count)
      try all.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
      return all
    }
    return (try shared(texts.particles, counts[0]), try shared(texts.target, counts[1]))
  }

  /// Opens rows by their dataset. Collective.
  func open(_ dataset: String) throws -> SharedTable {
    var file = SampleFile()
    file.file = folder.result
    file.array = dataset
    return named(try SampleSource(file).open(role: .source, seed: 0, folder: "", on: communicator))
  }

  /// The particles before the first step; nil where the run stored no frame of them. Collective.
  func openStart() throws -> SharedTable? {
    var numbers: [Double] = []
    let (rows, columns) = try communicator.onRoot { () throws -> (Int, Int) in
      guard let start = try reader?.start() else { return (0, 0) }
      numbers = start.numbers
      return (start.particles, start.dimension)
    }
    guard rows > 0 else { return nil }
    return named(
      try communicator.together {
        try SharedTable(
          numbers, rows: rows, columns: columns, file: "\(folder.result), frame 0", on: communicator)
      })
  }

  private func named(_ table: SharedTable) -> SharedTable {
    if let columns { table.name(columns: columns) }
    return table
  }
}

/// Sample sets that cannot be evaluated.
enum EvaluationError: InputError {
  case noFolder(String)
  case noRun(folder: String)
  case unreadable(file: String)
  case isRunning(folder: String)
  case tooFewRows(set: String, count: Int)
  case columns(set: String, count: Int, reference: Int)
  case tooFar(set: String)

  var description: String {
    switch self {
    case .noFolder(let path): "there is no run folder '\(path)': evaluate takes a run folder, or two sample sets"
    case .noRun(let folder): "'\(folder)' is a folder without run.h5: give the folder of a run, or a file"
    case .unreadable(let file):
      "'\(file)' cannot be read as the result of a run: give FILE:ARRAY to read an array of it"
    case .isRunning(let folder):
      "the run in '\(folder)' has not ended, and its moved particles are not stored yet: wait, or continue it with "
        + "gpa-mpi run DECK --restart where it was killed"
    case .tooFewRows(let set, let count):
      "\(set) has \(count) row\(count == 1 ? "" : "s"): figures of a distribution need 2 or more"
    case .columns(let set, let count, let reference):
      "\(set) has \(count) columns and B \(reference): all sets must have the same, such as the same genes in the same order"
    case .tooFar(let set): "\(set) lies more than 1e15 times the spread of B away from it: are both in one unit?"
    }
  }
}
