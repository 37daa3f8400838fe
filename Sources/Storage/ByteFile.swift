import Glibc
import Parameters

/// A file that cannot be opened, read or written, with the system's reason.
package struct ByteFileError: Error, CustomStringConvertible {
  let what: String
  let path: String
  let reason: String
  package var description: String { "cannot \(what) '\(path)' (\(reason))" }
}

/// Bytes of a file at given places, by as many calls of the system as it takes. For one process.
package struct ByteFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Opens a file; one that is written may be made where it is not there.
  package init(_ path: String, writing: Bool = false, making: Bool = false) throws {
    self.path = path
    descriptor = open(path, (writing ? O_RDWR : O_RDONLY) | (making ? O_CREAT : 0) | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
  }

  deinit { close(descriptor) }

  /// The number of bytes.
  package func size() throws -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("look at", path) }
    return Int(status.st_size)
  }

  /// Reads bytes from a place on; false where the file ends before.
  package func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Bool {
    var filled = 0
    while filled < memory.count {
      let got = pread(
        descriptor, memory.baseAddress.map { $0 + filled }, memory.count - filled, off_t(offset + filled))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw Self.failure("read", path) }
      if got == 0 { return false }
      filled += got
    }
    return true
  }

  /// All bytes of a file.
  package static func contents(of path: String) throws -> [UInt8] {
    let file = try ByteFile(path)
    var bytes = [UInt8](repeating: 0, count: try file.size())
    let isWhole = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    guard isWhole else { throw ByteFileError(what: "read", path: path, reason: "it became shorter") }
    return bytes
  }

  /// Writes bytes from a place on.
  package func write(_ memory: UnsafeRawBufferPointer, at offset: Int) throws {
    var written = 0
    while written < memory.count {
      let put = pwrite(
        descriptor, memory.baseAddress.map { $0 + written }, memory.count - written, off_t(offset + written))
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { throw Self.failure("write", path) }
      written += put
    }
  }

  /// Cuts or lengthens the file.
  package func resize(to bytes: Int) throws {
    guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw Self.failure("write", path) }
  }

  /// Hands the file to the disk.
  package func flush() throws {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.failure("flush", path) }
  }

  /// Makes a file of these bytes, or puts it in the place of one that is there: under another name first, which becomes the
  /// file's when all is on the disk.
  package static func replace(_ path: String, with bytes: [UInt8]) throws {
    let half = path + ".tmp", file = try ByteFile(half, writing: true, making: true)
    try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    try file.resize(to: bytes.count)
    try file.flush()
    guard rename(half, path) == 0 else { throw failure("make", path) }
  }

  /// Makes a file with the bytes of another one, or gives it these.
  package static func copy(_ source: String, to path: String) throws {
    let from = try ByteFile(source), to = try ByteFile(path, writing: true, making: true), size = try from.size()
    try to.resize(to: 0)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 22, alignment: 16)
    defer { buffer.deallocate() }
    for place in stride(from: 0, to: size, by: buffer.count) {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, size - place)])
      guard try from.read(into: part, at: place) else {
        throw ByteFileError(what: "copy", path: source, reason: "it became shorter meanwhile")
      }
      try to.write(UnsafeRawBufferPointer(part), at: place)
    }
  }

  private static func failure(_ what: String, _ path: String) -> ByteFileError {
    ByteFileError(what: what, path: path, reason: String(cString: strerror(errno)))
  }
}
