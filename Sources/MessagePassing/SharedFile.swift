import Glibc
import Parameters

/// Memory that the ranks of a node should share, and the system does not give.
package struct SharedMemoryError: InputError, Equatable {
  /// Where it should lie.
  package let folder: String
  /// The bytes that a node needs.
  package let needed: Int
  /// The bytes that are free there; nil where that is not known.
  package let present: Int?
  /// The system's reason.
  package let reason: String
  /// One sentence for people.
  package var description: String {
    "the ranks of a node need \(bytesInWords(Double(needed))) of memory that they share, in \(folder)"
      + (present.map { ", where \(bytesInWords(Double($0))) are free" } ?? "")
      + " (\(reason)); make \(folder) larger (in a container: --shm-size), use more nodes or fewer targets, or set "
      + "\(SharedFile.variable) to a folder on a disk of the machine, such as /tmp"
  }
}

/// A file whose memory several processes map: made by one, opened by the others, and nameless as soon as all have it, so
/// that nothing is left of it however they end.
///
/// Its memory is reserved before it is used: a page that cannot be had at the time of its first use ends a process by
/// SIGBUS.
struct SharedFile {
  /// The environment variable with a folder in the place of ``usualFolder``.
  static let variable = "GPA_SHARED_MEMORY"
  private static let usualFolder = "/dev/shm"

  let path: String
  let bytes: Int
  private let descriptor: Int32

  private static var folder: String {
    guard let name = getenv(variable), name.pointee != 0 else { return usualFolder }
    return String(cString: name)
  }

  /// Holds the folder for one job while a body reserves, so that of two jobs for which there is room for one, one gets it.
  /// Whoever does not get the folder in a few seconds goes on without.
  static func alone<T>(_ body: () throws -> T) rethrows -> T {
    let lock = open(folder, O_RDONLY | O_CLOEXEC)
    defer { if lock >= 0 { close(lock) } }
    for _ in 0..<500 where lock >= 0 {
      if flock(lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { break }
      usleep(10_000)
    }
    return try body()
  }

  /// Makes a file of zeros. Nothing is reserved yet.
  init(making bytes: Int) throws {
    var template = Array("\(Self.folder)/gpa-mpi.\(getpid()).XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.bytes = bytes
    guard descriptor >= 0 else { throw failure(errno) }
    guard ftruncate(descriptor, off_t(bytes)) == 0 else {
      let number = errno
      close(descriptor)
      unlink(path)
      throw failure(number)
    }
  }

  /// Opens a file that another process has made.
  init(opening path: String, bytes: Int) throws {
    self.path = path
    self.bytes = bytes
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
  }

  /// Reserves a part, and maps the whole file. The part lies near the processor of whoever reserves it. The file is closed
  /// then.
  func map(reserving part: Range<Int>) throws -> UnsafeMutableRawPointer {
    defer { close(descriptor) }
    if !part.isEmpty {
      var number: Int32
      repeat { number = posix_fallocate(descriptor, off_t(part.lowerBound), off_t(part.count)) } while number == EINTR
      guard number == 0 else { throw failure(number) }
    }
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let memory, memory != MAP_FAILED else { throw failure(errno) }
    return memory
  }

  /// Takes the name away.
  func remove() { unlink(path) }

  private func failure(_ number: Int32) -> SharedMemoryError {
    var room = statvfs(), file = stat()
    let isKnown = statvfs(Self.folder, &room) == 0 && room.f_frsize > 0
    // What other ranks have reserved for this file would be there for it, too.
    let own = fstat(descriptor, &file) == 0 ? Int(file.st_blocks) * 512 : 0
    return SharedMemoryError(
      folder: Self.folder, needed: bytes, present: isKnown ? Int(room.f_bavail * room.f_frsize) + own : nil,
      reason: String(cString: strerror(number)))
  }
}
