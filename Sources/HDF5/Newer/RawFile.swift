import Glibc
import Parameters

/// The bytes of an HDF5 file, by the addresses that its parts name each other by. Nothing outside of the file is read.
final class RawFile {
  private let descriptor: Int32
  private let base: Int
  /// The bytes from the superblock on.
  let size: Int

  /// Opens a file whose addresses and lengths have 8 bytes; nil for others.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, let bytes = OtherFile.bytes(of: path) else { return nil }
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    var start = 0, head = [UInt8](repeating: 0, count: 16)
    // The superblock is at the beginning, or at 512, 1024, 2048 ... behind a block of the user's own.
    while pread(descriptor, &head, head.count, start) == head.count, !head.starts(with: signature) {
      start = max(512, 2 * start)
    }
    guard head.starts(with: signature) else { return nil }
    base = start
    size = bytes - start
    guard head[8] < 2 ? head[13] == 8 && head[14] == 8 : head[9] == 8 && head[10] == 8 else { return nil }
  }

  deinit { close(descriptor) }

  /// Bytes at an address; nil where the file does not have them.
  func bytes(at address: Int, count: Int) -> [UInt8]? {
    guard address >= 0, count >= 0, address <= size, count <= size - address else { return nil }
    var result = [UInt8](repeating: 0, count: count), done = 0
    while done < count {
      let got = result.withUnsafeMutableBytes { memory in
        memory.baseAddress.map { pread(descriptor, $0 + done, count - done, off_t(base + address + done)) } ?? 0
      }
      guard got > 0 else { return nil }
      done += got
    }
    return result
  }

  /// A cursor over metadata that begin with a signature, if there is one, and behind which their checksum stands; nil also
  /// where that is wrong.
  func checked(at address: Int, count: Int, signature: StaticString? = nil) -> Cursor? {
    guard count <= size, let bytes = bytes(at: address, count: count + 4) else { return nil }
    var end = Cursor(Array(bytes[count...]))
    guard end.unsigned(4) == UInt64(metadataChecksum(bytes[..<count])) else { return nil }
    var cursor = Cursor(Array(bytes[..<count]))
    guard let signature else { return cursor }
    let wanted = (0..<signature.utf8CodeUnitCount).map { signature.utf8Start[$0] }
    return cursor.take(wanted.count) == wanted ? cursor : nil
  }

  /// A cursor over bytes at an address that begin with a signature.
  func cursor(at address: Int, count: Int, signature: StaticString? = nil) -> Cursor? {
    guard let bytes = bytes(at: address, count: count) else { return nil }
    var cursor = Cursor(bytes)
    if let signature {
      let wanted = (0..<signature.utf8CodeUnitCount).map { signature.utf8Start[$0] }
      guard cursor.take(wanted.count) == wanted else { return nil }
    }
    return cursor
  }
}

/// Little-endian numbers, one after the other; nil where the bytes end.
struct Cursor {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The bytes that are left.
  var left: Int { bytes.count - position }

  /// The next bytes.
  mutating func take(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= left else { return nil }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// A number of 1 to 8 bytes.
  mutating func unsigned(_ count: Int) -> UInt64? {
    guard (1...8).contains(count), let taken = take(count) else { return nil }
    return taken.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number of 1 to 8 bytes; nil also where it is larger than any count or address.
  mutating func int(_ count: Int) -> Int? { unsigned(count).flatMap { Int(exactly: $0) } }

  /// An address; nil in the inner optional where it stands for none.
  mutating func address() -> Int?? {
    guard let value = unsigned(8) else { return nil }
    return .some(value == .max ? nil : Int(exactly: value))
  }

  /// A text up to its zero.
  mutating func text() -> String? {
    guard let end = bytes[position...].firstIndex(of: 0) else { return nil }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
