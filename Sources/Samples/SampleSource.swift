import Numerics
import Parameters

/// Where rows come from: the value of `source`, `target` and `generated` in a deck, a file or a sampler.
package struct SampleSource: Codable, Sendable {
  /// The two origins of rows.
  package enum Origin: Sendable {
    /// Rows of a file.
    case file(SampleFile)
    /// This many rows drawn from a distribution.
    case sampler(any Sampler, count: Int)
  }

  /// Places rows in a larger space: they are its first coordinates, the others have one value.
  package struct Embedding: Codable, Sendable, Equatable {
    /// The dimension of the larger space.
    package let dimension: Int
    /// The value of the coordinates that are added.
    package let offset: Double

    enum CodingKeys: String, CodingKey {
      case dimension, offset
    }

    /// Reads the keys of a deck.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      dimension = try values.checked(.dimension, allowed: "a whole number from 1 to \(SampleSource.mostNumbers)") {
        (1...SampleSource.mostNumbers).contains($0)
      }
      offset = try values.number(.offset, default: 0, allowed: "a finite number") { Float($0).isFinite }
    }
  }

  /// Which part of a deck the rows are for; the parts draw independent random numbers.
  package enum Role: Sendable, CaseIterable {
    case source, target, generated
  }

  /// More numbers than this (4 TiB) are taken for a mistake.
  static let mostNumbers = 1 << 40

  /// The file or the sampler.
  package let origin: Origin
  /// The larger space, where one is asked for.
  package let embed: Embedding?

  enum CodingKeys: String, CodingKey {
    case file, sampler, count, embed
  }

  /// Reads the keys of a deck: `file` or `sampler`, not both.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    if values.contains(.file) {
      if values.contains(.sampler) { throw values.error(.sampler, "cannot stand beside 'file'; remove one of the two") }
      if values.contains(.count) {
        throw values.error(.count, "goes with a sampler only; 'limit' takes a random choice of a file's rows")
      }
      origin = .file(try SampleFile(from: decoder))
    } else {
      let names = samplers.map { $0.name }.joined(separator: ", ")
      guard values.contains(.sampler) else {
        throw values.error(.sampler, "is missing: give a file or a sampler (\(names))")
      }
      let name = try values.decode(String.self, forKey: .sampler)
      let type = try variant(named: name, among: samplers, nameOf: { $0.name }, key: .sampler, in: values)
      let count = try values.count(.count)
      origin = .sampler(try type.init(from: decoder), count: count)
    }
    embed = try values.decodeIfPresent(Embedding.self, forKey: .embed)
    if case .sampler(let sampler, let count) = origin {
      if let embed, embed.dimension < sampler.dimension {
        throw values.error(.embed, "has dimension \(embed.dimension), less than the sampler's, \(sampler.dimension)")
      }
      let dimension = max(embed?.dimension ?? 0, sampler.dimension)
      guard dimension <= Self.mostNumbers, count <= Self.mostNumbers / dimension else {
        throw values.error(.count, "is too large: \(count) rows of \(dimension) coordinates are over 4 TiB")
      }
    }
  }

  /// Writes the keys of a deck in their order, with all defaults.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    switch origin {
    case .file(let file): try file.encode(to: encoder)
    case .sampler(let sampler, let count):
      try values.encode(type(of: sampler).name, forKey: .sampler)
      try values.encode(count, forKey: .count)
      try sampler.encode(to: encoder)
    }
    try values.encodeIfPresent(embed, forKey: .embed)
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
