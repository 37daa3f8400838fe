import Discriminator
import Divergence
import Parameters
import Samples
import Transport

/// The job deck: all that a run is told. One property per section, one default per key; the sections' own files say which.
package struct Deck: Codable, Sendable {
  /// The run's name.
  package var name: String
  /// What every random number follows from.
  package var seed: Int
  /// The particles that move.
  package var source: SampleSource
  /// What they move to.
  package var target: SampleSource
  /// Particles that are only carried along.
  package var generated: SampleSource?
  /// The `divergence` section.
  package var divergence: DivergenceSection
  /// The `discriminator` section.
  package var discriminator: DiscriminatorSection
  /// The `training` section.
  package var training: Training
  /// The `transport` section.
  package var transport: TransportSection
  /// The `stop` section.
  package var stop: StopSection
  /// The `output` section.
  package var output: OutputSection
  /// The `checkpoint` section.
  package var checkpoint: CheckpointSection

  enum CodingKeys: String, CodingKey {
    case name, seed, source, target, generated, divergence, discriminator, training, transport, stop, output, checkpoint
  }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.pathPart(.name, default: "")
    seed = try values.checked(.seed, default: 0, allowed: "a whole number of 0 or above") { $0 >= 0 }
    source = try values.decode(SampleSource.self, forKey: .source)
    target = try values.decode(SampleSource.self, forKey: .target)
    generated = try values.decodeIfPresent(SampleSource.self, forKey: .generated)
    divergence = try values.section(.divergence)
    discriminator = try values.section(.discriminator)
    training = try values.section(.training)
    transport = try values.section(.transport)
    stop = try values.section(.stop)
    output = try values.section(.output)
    checkpoint = try values.section(.checkpoint)
  }
}

extension KeyedDecodingContainer {
  /// A section; an absent one is read as an empty one, so that each default is stated once.
  func section<T: Decodable>(_ key: Key) throws -> T {
    if let found = try decodeIfPresent(T.self, forKey: key) { return found }
    return try T(from: EmptySection(codingPath: codingPath + [key]))
  }
}

/// The decoder of a section that is not there: every key is absent.
private struct EmptySection: Decoder {
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Keys<Key>(codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw absent() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw absent() }

  private func absent() -> DecodingError {
    .valueNotFound(Any.self, DecodingError.Context(codingPath: codingPath, debugDescription: "is missing"))
  }

  private struct Keys<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let codingPath: [any CodingKey]
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { false }
    func decodeNil(forKey key: Key) throws -> Bool { true }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { throw absent(key) }
    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw absent(key) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw absent(key) }
    func superDecoder() throws -> any Decoder { EmptySection(codingPath: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw absent(key) }

    private func absent(_ key: Key) -> DecodingError {
      .keyNotFound(key, DecodingError.Context(codingPath: codingPath, debugDescription: "is missing"))
    }
  }
}
