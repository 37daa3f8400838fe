import Numerics
import Parameters

/// Where rows come from: the value of `source`, `target` and `generated` in a deck, a file or a sampler.
package struct SampleSource: Section {
  /// The two origins of rows.
  package enum Origin: Sendable {
    case file(SampleFile)
    /// This many rows drawn from a distribution.
    case sampler(any Sampler, count: Int)
  }

  /// Places rows in a larger space: they are its first coordinates, the others have one value.
  package struct Embedding: Section, Equatable {
    /// The dimension of the larger space.
    package var dimension = 1
    /// The value of the coordinates that are added.
    package var offset = 0.0

    package init() {}

    package static let keys: [Key<Embedding>] = [
      .value(
        "dimension", \.dimension, "the dimension of the larger space",
        allowed: "a whole number from 1 to \(mostNumbers)", isRequired: true
      ) { (1...mostNumbers).contains($0) },
      .value("offset", \.offset, "the value of the coordinates that are added", allowed: "a finite number") {
        Float($0).isFinite
      },
    ]
  }

  /// Which part of a deck the rows are for; the parts draw independent random numbers.
  package enum Role: Sendable, CaseIterable {
    case source, target, generated
  }

  /// More numbers than this (4 TiB) are taken for a mistake.
  static let mostNumbers = 1 << 40

  private var file: SampleFile?
  private var sampler: (any Sampler)?
  private var count: Int?
  /// The larger space, where one is asked for.
  package private(set) var embed: Embedding?
  /// More particles than rows; nil where the deck does not say.
  package var oversample: Oversampling?

  package init() {}

  /// The rows of a file.
  package init(_ file: SampleFile, embed: Embedding? = nil) {
    self.file = file
    self.embed = embed
  }

  package static let keys: [Key<SampleSource>] = keys(samplers: samplers)

  /// The keys for a list of samplers.
  package static func keys(samplers: [any Sampler.Type]) -> [Key<SampleSource>] {
    [
      .group(with: "file", \.file),
      .variant("sampler", optional: \.sampler, "the distribution from which rows are drawn", among: samplers),
      .value("count", optional: \.count, "how many are drawn; a sampler needs it", allowed: "a whole number above 0") {
        $0 > 0
      },
      .section("embed", optional: \.embed, "places the rows in a larger space, as its first coordinates"),
      .section(
        "oversample", optional: \.oversample,
        "of the source: more particles than rows to train the field on; by default where the field is used beside them "
          + "(generated, flow.record) and they are less than five a target"),
    ]
  }

  /// The file or the sampler.
  package var origin: Origin {
    sampler.map { .sampler($0, count: count ?? 0) } ?? .file(file ?? SampleFile())
  }

  /// The file's name without folders, for people; nil where rows are drawn.
  package var word: String? { file.map { $0.file.split(separator: "/").last.map(String.init) ?? $0.file } }

  /// The path of the file for a deck in `folder`, and the array in it; nil where rows are drawn.
  package func place(in folder: String) -> (path: String, array: String?)? {
    file.map { ($0.path(in: folder), $0.array) }
  }

  /// Whether the rows are those of a table of text.
  package func isText(in folder: String) -> Bool {
    place(in: folder).map { (try? sampleFormat(of: $0.path)) == DelimitedText.self } ?? false
  }

  /// Whether the rows are drawn, and not those of a file.
  package var isDrawn: Bool { sampler != nil }

  package func complete(given: Set<String>) throws {
    guard let sampler else {
      guard file != nil else {
        throw KeyError(
          "sampler", "is missing: give a file or a sampler (\(samplers.map { $0.name }.joined(separator: ", ")))")
      }
      guard count == nil else {
        throw KeyError("count", "goes with a sampler only; 'limit' takes a random choice of a file's rows")
      }
      return
    }
    guard file == nil else { throw KeyError("sampler", "cannot stand beside 'file'; remove one of the two") }
    guard let count else { throw KeyError("count", "is missing: a sampler needs the number of rows") }
    try sampler.check(count: count)
    if let embed, embed.dimension < sampler.dimension {
      throw KeyError("embed", "has dimension \(embed.dimension), less than the sampler's, \(sampler.dimension)")
    }
    let dimension = max(embed?.dimension ?? 0, sampler.dimension)
    guard dimension <= Self.mostNumbers, count <= Self.mostNumbers / dimension else {
      throw KeyError("count", "is too large: \(count) rows of \(dimension) coordinates are over 4 TiB")
    }
  }
}

extension SampleSource.Role {
  /// What the random numbers of a sampler are drawn for.
  var drawing: RandomNumbers.Purpose {
    switch self {
    case .source: .source
    case .target: .target
    case .generated: .generated
    }
  }

  /// What the random choice of a file's rows is drawn for.
  var selection: RandomNumbers.Purpose {
    switch self {
    case .source: .sourceSelection
    case .target: .targetSelection
    case .generated: .generatedSelection
    }
  }
}
