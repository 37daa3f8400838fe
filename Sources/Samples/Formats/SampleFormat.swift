/// A file format from which rows are read.
protocol SampleFormat: Sendable {
  /// The format's name in messages.
  static var name: String { get }

  /// Whether a file is of this format, by its name in small letters without `.gz`.
  static func recognises(name: String) -> Bool

  /// Whether a file that no name gave away is of this format, by its first (decompressed) bytes, up to four.
  static func recognises(head: [UInt8]) -> Bool

  /// What the first (decompressed) bytes of a file of this format say; nil where they are text or say nothing.
  static var content: FileContent? { get }

  /// Whether files hold several arrays, told apart by name.
  static var hasNamedArrays: Bool { get }

  /// Reads all rows; `array` is nil where ``hasNamedArrays`` is false. Every error is typed and names the file.
  static func read(_ file: String, array: String?) throws -> SampleTable
}

extension SampleFormat {
  static func recognises(head: [UInt8]) -> Bool { false }
  static var content: FileContent? { nil }
  static var hasNamedArrays: Bool { false }
}

/// All formats.
let sampleFormats: [any SampleFormat.Type] = [
  NumPyArray.self,
  NumPyArchive.self,
  DelimitedText.self,
  SeriesMatrix.self,
  HDF5Dataset.self,
  AnnData.self,
  IDX.self,
]

/// The names of all file formats, for `--list` and messages.
package var sampleFormatNames: [String] { sampleFormats.map { $0.name } }

/// The format of a file, by its name or else by its first bytes. Throws where the bytes say clearly that the file is of another
/// kind than its name.
func sampleFormat(of file: String) throws -> any SampleFormat.Type {
  let isPacked = lowercased(file).hasSuffix(".gz"), name = lowercased(isPacked ? String(file.dropLast(3)) : file)
  let head = try ByteStream.head(of: file), content = FileContent(head)
  if let format = sampleFormats.first(where: { $0.recognises(name: name) }) {
    if let content, content != format.content {
      throw SampleError.malformed(file: file, reason: "is not what its name says: it is \(content.text)")
    }
    if content == nil, format.content != nil, !head.isEmpty, !head.contains(where: FileContent.isControl) {
      throw SampleError.malformed(
        file: file, reason: "is not what its name says: it is text; if it is a table, name it .csv")
    }
    if isPacked, content == .hdf5 || content == .zip {
      throw SampleError.malformed(file: file, reason: "is compressed as a whole; decompress it (gunzip)")
    }
    return format
  }
  if let format = sampleFormats.first(where: { $0.recognises(head: Array(head.prefix(4))) }) { return format }
  throw SampleError.unknownFormat(file: file, known: sampleFormatNames, content: content?.text)
}

extension ByteStream {
  /// The first (decompressed) bytes of a file, as many as tell kinds of files apart.
  fileprivate static func head(of file: String) throws -> [UInt8] {
    var head = [UInt8](repeating: 0, count: 2056 + 8)
    let stream = try open(file), got = try head.withUnsafeMutableBytes { try stream.read(into: $0) }
    return Array(head.prefix(got))
  }
}
