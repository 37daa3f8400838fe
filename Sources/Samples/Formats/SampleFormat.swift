/// A file format from which rows are read.
protocol SampleFormat: Sendable {
  /// The format's name in messages.
  static var name: String { get }

  /// Whether a file is of this format, by its name in small letters without `.gz`.
  static func recognises(name: String) -> Bool

  /// Whether a file that no name gave away is of this format, by its first (decompressed) bytes, up to four.
  static func recognises(head: [UInt8]) -> Bool

  /// Whether files hold several arrays, told apart by name.
  static var hasNamedArrays: Bool { get }

  /// Reads all rows; `array` is nil where ``hasNamedArrays`` is false. Every error is typed and names the file.
  static func read(_ file: String, array: String?) throws -> SampleTable
}

extension SampleFormat {
  static func recognises(head: [UInt8]) -> Bool { false }
  static var hasNamedArrays: Bool { false }
}

/// All formats.
let sampleFormats: [any SampleFormat.Type] = [
  NumPyArray.self,
  NumPyArchive.self,
  DelimitedText.self,
  HDF5Dataset.self,
  AnnData.self,
  IDX.self,
]

/// The names of all file formats, for `--list` and messages.
package var sampleFormatNames: [String] { sampleFormats.map { $0.name } }

/// The format of a file, by its name or else by its first bytes.
func sampleFormat(of file: String) throws -> any SampleFormat.Type {
  var name = lowercased(file)
  if name.hasSuffix(".gz") { name.removeLast(3) }
  if let format = sampleFormats.first(where: { $0.recognises(name: name) }) { return format }
  var head = [UInt8](repeating: 0, count: 4)
  let got = try head.withUnsafeMutableBytes { try ByteStream.open(file).read(into: $0) }
  head.removeLast(4 - got)
  if let format = sampleFormats.first(where: { $0.recognises(head: head) }) { return format }
  throw SampleError.unknownFormat(file: file, known: sampleFormatNames)
}
