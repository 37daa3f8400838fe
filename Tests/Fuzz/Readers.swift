import Foundation
import HDF5
import MessagePassing
import Numerics
import Runs
import Samples
import Storage
import Support

/// A reader, good inputs of it, and words that mean something to it.
struct Reader {
  /// Inputs that are read without an error, each with the ending of its file's name.
  var corpus: [(ending: String, bytes: [UInt8])]
  var words: [String] = []
  /// Whether only an input without any change may be read.
  var isExact = false
  /// Reads a file of the temporary folder.
  var read: (_ file: String) throws -> Void

  static let names = ["deck", "npy", "npz", "csv", "idx", "h5", "h5ad", "checkpoint"]

  init(_ name: String, folder: String, world: Communicator) throws {
    let rows: [Float] = (0..<24).map { Float($0) / 4 }
    func file(_ name: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }
    func samples(_ corpus: [(String, [UInt8])], array: String? = nil, words: [String] = []) -> Reader {
      Reader(corpus: corpus.map { (ending: $0.0, bytes: $0.1) }, words: words) { file in
        let name = array.map { ", array: \($0)" } ?? ""
        let text = "source: {file: '\(file)'\(name)}\ntarget: {sampler: gaussian, count: 2, dimension: 2}\n"
        let set = try Deck.read(text, file: "fuzz.yaml").source.open(role: .source, seed: 1, folder: folder, on: world)
        _ = try set.rows(0..<set.count, in: .none(dimension: set.dimension), on: world)
      }
    }
    switch name {
    case "deck":
      self.init(corpus: [], words: Self.deckWords) { file in
        let deck = try Deck.read(try DeckFile.text(file), file: file)
        // What was read can be written, and means the same.
        let text = deck.text
        guard try Deck.read(text, file: file).text == text else { throw Finding("a deck that changes when written") }
      }
      let jobs = try FileManager.default.contentsOfDirectory(atPath: packageRoot.path + "/jobs")
      for job in jobs.sorted() where job.hasSuffix(".yaml") {
        let data = try Data(contentsOf: packageRoot.appendingPathComponent("jobs/" + job))
        corpus.append((".yaml", [UInt8](data)))
      }
      corpus.append((".yaml", Array(Self.deck.utf8)))
    case "npy", "npz":
      let array = NumPyArray(shape: [8, 3], rows)
      try NumPyFile.write(array, to: folder + "/a.npy")
      try NumPyFile.write(["a": array, "b": array], to: folder + "/a.npz")
      try NumPyFile.write(["a": array], to: folder + "/b.npz", deflated: true)
      self =
        name == "npy"
        ? samples(
          [(".npy", try file("a.npy"))], words: ["<f8", ">i2", "|b1", "True", "(1000000000000000000, 2)", "L,"])
        : samples(
          [(".npz", try file("a.npz")), (".npz", try file("b.npz"))], array: "a",
          words: ["PK\u{3}\u{4}", ".npy", "../"])
    case "csv":
      let table = "x,\"y \"\"z\"\"\"\n1,2\n3,\"4\"\n5.5e-3,-6\n"
      self = samples(
        [
          (".csv", Array(table.utf8)), (".csv", Array(",x,y\np1,1,2\n\"p2\",3,4\n".utf8)),
          (".tsv", Array("\"x\"\t\"y\"\n\"1\"\t1\t2\n\"2\"\t3\t4\n".utf8)),
          (".tsv", Array(table.replacingOccurrences(of: ",", with: "\t").utf8)),
          (".csv.gz", Self.gzipped),
        ], words: ["\"", "\n", "\r\n", ",", ";", "nan", "inf", "1e400", "\u{FEFF}", "0x10"])
    case "idx":
      let image: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
      let numbers: [UInt8] = [0, 0, 0x0B, 1, 0, 0, 0, 2, 0xFF, 0xFF, 1, 0]
      self = samples([(".idx", image), ("-ubyte", image), (".idx", numbers)])
    case "h5", "h5ad":
      let writer = try HDF5File(creating: folder + "/a.h5")
      try writer.write(rows, to: "X", shape: [8, 3])
      try writer.create("obsm/pca", shape: [8, 3], of: Double.self, chunk: [4, 3])
      try writer.write(rows.map(Double.init), to: "obsm/pca", rows: 0..<8)
      try writer.write(attribute: "about", text: "two arrays")
      try writer.write(texts: ["g1", "g2", "g3"], to: "var/gene")
      try writer.write(attribute: "_index", text: "gene", of: "var")
      try writer.write(texts: (0..<8).map { "c\($0)" }, to: "obs/_index")
      try writer.close()
      let bytes = try file("a.h5"), ending = "." + name
      self = samples(
        (name == "h5" ? [bytes] + ForeignHDF5.files : [bytes]).map { (ending, $0) },
        array: name == "h5" ? "/obsm/pca" : "X")
    case "checkpoint":
      self = try Self.checkpoint(folder: folder, world: world)
    default: throw Finding("no reader is called \(name); there are \(Self.names.joined(separator: ", "))")
    }
  }

  private init(
    corpus: [(ending: String, bytes: [UInt8])], words: [String] = [], read: @escaping (_ file: String) throws -> Void
  ) {
    self.corpus = corpus
    self.words = words
    self.read = read
  }

  /// The checkpoint of a short run, put in the place of the newest one.
  private static func checkpoint(folder: String, world: Communicator) throws -> Reader {
    let text = """
      source: {sampler: gaussian, count: 20, dimension: 2}
      target: {sampler: gaussian, count: 10, dimension: 2}
      generated: {sampler: gaussian, count: 5, dimension: 2}
      discriminator: {hidden: [4]}
      transport: {steps: 4}
      checkpoint: {every: 1}
      stop: {automatic: false}
      """
    let deck = try Deck.read(text, file: "fuzz.yaml")
    var options = Job.Options()
    options.output = folder + "/run"
    options.isQuiet = true
    let code = try Job.run(deck, folder: folder, options: options, started: monotonicSeconds(), on: world)
    guard code == 0 else { throw Finding("the short run ends with \(code)") }
    let place = RunFolder(folder + "/run"),
      bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: place.checkpoint)))
    unlink(place.previousCheckpoint)
    let setup = try Setup(deck, folder: folder, on: world), template = RunState(setup, on: world)
    let checkpoints = Checkpoints(in: place, of: .init(setup), on: world)
    var reader = Reader(corpus: [(".gpa", bytes)]) { file in
      guard rename(folder + "/" + file, place.checkpoint) == 0 else { throw Finding("rename fails") }
      guard try checkpoints.load(into: Snapshot(of: template), warn: { _ in }) != nil else {
        throw Finding("no checkpoint is seen")
      }
    }
    reader.isExact = true
    return reader
  }

  /// "x,y\n1,2\n3,4\n", compressed by gzip.
  private static let gzipped: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0xd0, 0xa9, 0xe4, 0x32, 0xd4, 0x31,
    0xe2, 0x32, 0xd6, 0x31, 0xe1, 0x02, 0x00, 0x97, 0x44, 0x29, 0x80, 0x0c, 0x00, 0x00, 0x00,
  ]

  private static let deckWords = [
    "? ", "- ", ": ", "&a ", "*a", "!!python/object/apply:os.system [ls]", "<<: *a", "|\n", ">-\n", "%YAML 1.1\n",
    "---\n",
    "...\n", "{", "}", "[", "]", "\"", "'", "#", "\t", ".nan", "-.inf", "1e400", "99999999999999999999", "0o17", "~",
    "true",
    "\\x00", "\u{FEFF}", "\r", "\u{85}", "\u{2028}", "file: /dev/zero", "../../", "embed: {dimension: 1000000000000}",
  ]

  private static let deck = """
    name: all
    seed: 3
    source: {sampler: student_t, count: 9, dimension: 2, degrees_of_freedom: 3}
    target:
      file: "a.npy"
      where: {file: m.csv, column: 'x', equals: "1"}
      limit: 4
      embed: {dimension: 3, offset: -1.5}
    divergence: {f: alpha, alpha: 2.5, formulation: legendre, direction: reverse, lipschitz: .inf}
    discriminator: {hidden: [8, 8], activation: smooth_max_min, smoothing: 0.25, constraint: orthonormal}
    training: {optimizer: sgd, learning_rate: 1.0e-3, iterations: 2, reset_moments: false}
    transport: {integrator: rk4, time_step: 0.1, schedule: linear, steps: 4}
    stop: {fisher_information: 1e-6, divergence: 1e-3, wall_time: "0:01:00"}
    output: {directory: out, frames_every: 2}
    checkpoint: {every: 2}

    """
}

/// Something that should not be.
struct Finding: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
