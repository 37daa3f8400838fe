import CZip
import Glibc
import Parameters

/// The bytes of a file or of a compressed part of one, from the beginning.
final class ByteStream {
  /// The file, for messages.
  let file: String
  /// The number of bytes that can come at most: the file's size, or what the best compression could have made of it. A
  /// header that claims more is wrong, and nothing is allocated for it.
  let most: Int

  private let source: (UnsafeMutableRawBufferPointer) throws -> Int
  private let close: () -> Void

  /// Bytes from a function that fills a buffer and says how many it gave, 0 at the end.
  init(
    file: String, most: Int, source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int,
    close: @escaping () -> Void
  ) {
    self.file = file
    self.most = most
    self.source = source
    self.close = close
  }

  deinit { close() }

  /// Fills a buffer as far as there are bytes, and says how far.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      // zlib and libzip count in int32.
      let part = min(buffer.count - filled, 1 << 28)
      let got = try source(UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + part]))
      if got <= 0 { break }
      filled += got
    }
    return filled
  }

  /// The next `count` bytes, which must be few; `part` names them in the error if the file ends before.
  func bytes(_ count: Int, of part: String) throws -> [UInt8] {
    guard count <= most else { throw cutOff(part) }
    var result = [UInt8](repeating: 0, count: count)
    let got = try result.withUnsafeMutableBytes { try read(into: $0) }
    guard got == count else { throw cutOff(part) }
    return result
  }

  /// Throws unless the stream has ended; also lets the decompressor verify its checksum.
  func expectEnd() throws {
    var byte: UInt8 = 0
    let got = try withUnsafeMutableBytes(of: &byte) { try read(into: $0) }
    guard got == 0 else { throw SampleError.malformed(file: file, reason: "has more bytes than its header says") }
  }

  /// The error of a file that ends too soon.
  func cutOff(_ part: String) -> SampleError {
    .malformed(file: file, reason: "is cut off: ends in the middle of \(part)")
  }
}

extension ByteStream {
  /// The size of a regular file in bytes; anything else is an error.
  static func size(of file: String) throws -> Int {
    var status = stat()
    guard stat(file, &status) == 0 else {
      throw SampleError.unreadable(file: file, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SampleError.unreadable(file: file, reason: "it is not a file")
    }
    return Int(status.st_size)
  }

  /// The number of bytes that deflate can make of a number of bytes at most (1032 for each, RFC 1951).
  static func inflated(_ bytes: Int) -> Int {
    let (product, overflow) = bytes.multipliedReportingOverflow(by: 1040)
    return overflow ? Int.max - 4096 : min(product, Int.max - 8192) + 4096
  }

  /// Opens a file; one that ends in `.gz` is decompressed.
  static func open(_ file: String) throws -> ByteStream {
    lowercased(file).hasSuffix(".gz") ? try openCompressed(file) : try openPlain(file)
  }

  private static func openPlain(_ file: String) throws -> ByteStream {
    let size = try size(of: file)
    guard let handle = fopen(file, "rb") else {
      throw SampleError.unreadable(file: file, reason: String(cString: strerror(errno)))
    }
    return ByteStream(file: file, most: size) { buffer in
      let got = fread(buffer.baseAddress, 1, buffer.count, handle)
      guard got > 0 || ferror(handle) == 0 else {
        throw SampleError.unreadable(file: file, reason: String(cString: strerror(errno)))
      }
      return got
    } close: {
      fclose(handle)
    }
  }

  private static func openCompressed(_ file: String) throws -> ByteStream {
    let size = try size(of: file)
    guard let handle = gzopen(file.system, "rb") else {
      throw SampleError.unreadable(file: file, reason: String(cString: strerror(errno)))
    }
    gzbuffer(handle, 1 << 17)
    let stream = ByteStream(file: file, most: inflated(size)) { buffer in
      let got = gzread(handle, buffer.baseAddress, UInt32(buffer.count))
      var code: Int32 = 0
      let text = gzerror(handle, &code).map { String(cString: $0) } ?? ""
      guard got >= 0, code == Z_OK else {
        let reason = code == Z_BUF_ERROR ? "the compressed data is cut off" : "the compressed data is damaged: \(text)"
        throw SampleError.malformed(file: file, reason: reason)
      }
      return Int(got)
    } close: {
      gzclose(handle)
    }
    guard gzdirect(handle) == 0 else {
      throw SampleError.malformed(file: file, reason: "is not gzip-compressed, though its name ends in .gz")
    }
    return stream
  }
}

/// A text with its ASCII letters made small.
func lowercased(_ text: String) -> String {
  String(decoding: text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
}
