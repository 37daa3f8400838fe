import Glibc
import Parameters

/// The mark of a job in its run folder: a locked file that says who works there. The lock ends with the process, however
/// that ends, so that a mark which a killed job left keeps nobody out. Not collective: the root alone holds one.
package final class FolderMark {
  private let folder: RunFolder
  private let owner: String
  private var descriptor: Int32 = -1

  /// Whether the folder is taken.
  package var isHeld: Bool { descriptor >= 0 }
  /// Whether nothing keeps another job from the folder, as its file system has no locks.
  package private(set) var isUnlocked = false

  /// A mark that is not set yet; `version` is that of the program.
  package init(in folder: RunFolder, version: String) {
    self.folder = folder
    owner = "gpa-mpi \(version)\n" + FolderOwner.mine.text
  }

  deinit { release() }

  /// Takes the folder, which must be there. Throws a ``RunFolderError`` that says who has it where it is taken.
  package func take() throws {
    while !isHeld {
      let file = try openMark()
      do {
        guard try lock(file), try isInPlace(file) else {
          close(file)
          continue
        }
        try requireMark(file)
        // Who cannot be told, on a full disk, still holds the lock.
        _ = ftruncate(file, 0)
        _ = pwrite(file, owner, owner.utf8.count, 0)
        descriptor = file
      } catch {
        close(file)
        throw error
      }
    }
  }

  /// Throws a ``RunFolderError`` that says who has the folder where it is taken, or where the mark is none of a job. Makes
  /// and changes nothing.
  package func requireFree() throws {
    let file = open(folder.mark, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard file >= 0 else {
      // What cannot be looked at is told by the start of a run.
      if errno == ELOOP { throw RunFolderError.notOurs(path: folder.mark) }
      return
    }
    defer { close(file) }
    // One that may only be read takes a shared lock on every file system.
    if try isInPlace(file), try lock(file, LOCK_SH) { try requireMark(file) }
  }

  /// Removes the mark and lets others in. Whoever has opened it meanwhile sees that it is no longer in its place.
  package func release() {
    guard isHeld else { return }
    if (try? isInPlace(descriptor)) == true { unlink(folder.mark) }
    close(descriptor)
    descriptor = -1
  }

  /// Opens the mark, or makes it. That of another user can only be read, which a lock needs; if it is left over it is
  /// removed.
  private func openMark() throws -> Int32 {
    let file = open(folder.mark, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o666)
    if file >= 0 { return file }
    let reason = errno
    guard reason == EACCES || reason == EPERM else { throw failure("make", reason) }
    let readable = open(folder.mark, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard readable >= 0 else { throw failure("make", reason) }
    defer { close(readable) }
    if try lock(readable), try isInPlace(readable), unlink(folder.mark) != 0 { throw failure("remove", errno) }
    return try openMark()
  }

  /// Throws where an open file was not written by a job.
  private func requireMark(_ file: Int32) throws {
    let text = Self.text(of: file)
    guard text.isEmpty || text.hasPrefix("gpa-mpi ") else { throw RunFolderError.notOurs(path: folder.mark) }
  }

  /// Locks an open mark; false where it has to be opened again.
  private func lock(_ file: Int32, _ kind: Int32 = LOCK_EX) throws -> Bool {
    var trials = 0
    while flock(file, kind | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK where trials < 20:
        // Whoever has locked it may not have written yet who that is, or only looks.
        trials += 1
        usleep(10_000)
      case EWOULDBLOCK:
        throw RunFolderError.inUse(folder: folder.path, by: FolderOwner(Self.text(of: file)).description)
      case ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL:
        // Without locks, a process of this machine that is still there is all that can be seen.
        let owner = FolderOwner(Self.text(of: file))
        if owner.isRunningHere { throw RunFolderError.inUse(folder: folder.path, by: owner.description) }
        isUnlocked = true
        return true
      case let reason: throw failure("lock", reason)
      }
    }
    return true
  }

  /// Whether an open mark is the one in the folder, and not one that its owner has removed.
  private func isInPlace(_ file: Int32) throws -> Bool {
    var opened = stat(), found = stat()
    guard fstat(file, &opened) == 0 else { throw failure("look at", errno) }
    guard opened.st_mode & S_IFMT == S_IFREG else { throw RunFolderError.notOurs(path: folder.mark) }
    return stat(folder.mark, &found) == 0 && opened.st_dev == found.st_dev && opened.st_ino == found.st_ino
  }

  private static func text(of file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = pread(file, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  private func failure(_ what: String, _ reason: Int32) -> RunFolderError {
    .failed(path: folder.mark, what: what, reason: String(cString: strerror(reason)))
  }
}

/// Who works in a folder.
struct FolderOwner: CustomStringConvertible {
  private var host = "", process = "", job = "", since = ""

  /// The variables in which batch systems tell a job's number.
  private static let jobVariables = [
    "SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID", "COBALT_JOBID", "FLUX_JOB_ID", "OAR_JOB_ID",
  ]

  /// This process.
  static var mine: FolderOwner {
    var owner = FolderOwner()
    owner.host = hostName
    owner.process = "\(getpid())"
    for name in jobVariables {
      if let value = getenv(name) {
        owner.job = "\(name) " + String(cString: value)
        break
      }
    }
    var now = time(nil), parts = tm(), text = [CChar](repeating: 0, count: 64)
    gmtime_r(&now, &parts)
    strftime(&text, text.count, "%Y-%m-%d %H:%M:%S UTC", &parts)
    owner.since = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return owner
  }

  private init() {}

  /// What the text of a mark tells.
  init(_ text: String) {
    for line in text.split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      let value = String(line[line.index(after: space)...])
      switch line[..<space] {
      case "host": host = value
      case "process": process = value
      case "job": job = value
      case "since": since = value
      default: break
      }
    }
  }

  var text: String { "host \(host)\nprocess \(process)\njob \(job)\nsince \(since)\n" }

  var description: String {
    guard !host.isEmpty else { return "it does not say which" }
    return "process \(process) on \(host)" + (job.isEmpty ? "" : ", \(job)") + ", since \(since)"
  }

  /// Whether it is a process of this machine that has not ended.
  var isRunningHere: Bool {
    guard host == Self.hostName, let process = pid_t(process), process != getpid() else { return false }
    return kill(process, 0) == 0 || errno == EPERM
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
