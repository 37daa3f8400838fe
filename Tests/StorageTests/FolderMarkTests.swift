import Foundation
import Parameters
import Storage
import Support
import Testing

@Suite struct FolderMarkTests {
  let temporary: TemporaryFolder
  private var folder: RunFolder { RunFolder(temporary.path) }

  init() throws { temporary = try TemporaryFolder() }

  private func mark() -> FolderMark { FolderMark(in: folder, version: "0.2.0") }

  /// The second is refused and told who is there; after the first has left, it may come in.
  @Test func oneAtATime() throws {
    let first = mark(), second = mark()
    try first.take()
    try first.take()
    #expect(first.isHeld && !first.isUnlocked)
    for _ in 0..<2 {
      #expect { try second.take() } throws: {
        let text = "\($0)"
        return text.contains("another job works in the folder '\(temporary.path)': process \(getpid()) on ")
          && text.contains(", since 20") && ($0 as? any InputError)?.exitCode == 2
      }
    }
    #expect(!second.isHeld)
    first.release()
    #expect(!FileManager.default.fileExists(atPath: folder.mark))
    try second.take()
    #expect(second.isHeld)
  }

  /// A mark that a killed job left is no lock.
  @Test func leftOverMarks() throws {
    for text in ["gpa-mpi 0.2.0\nhost elsewhere\nprocess 1\n", ""] {
      try text.write(toFile: folder.mark, atomically: false, encoding: .utf8)
      let mark = mark()
      try mark.take()
      #expect(try String(contentsOfFile: folder.mark, encoding: .utf8).contains("process \(getpid())\n"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.mark))
  }

  /// Whether a folder is free is told without a change, also where another looks at the same time.
  @Test func freeFolders() throws {
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: temporary.path) }
    try mark().requireFree()
    #expect(try names().isEmpty)
    let left = "gpa-mpi 0.2.0\nhost elsewhere\nprocess 1\n"
    try left.write(toFile: folder.mark, atomically: false, encoding: .utf8)
    let other = open(folder.mark, O_RDONLY | O_CLOEXEC)
    defer { close(other) }
    #expect(flock(other, LOCK_SH | LOCK_NB) == 0)
    try mark().requireFree()
    #expect(try String(contentsOfFile: folder.mark, encoding: .utf8) == left)
    #expect(flock(other, LOCK_UN) == 0)
    let held = mark()
    try held.take()
    #expect { try mark().requireFree() } throws: { "\($0)".contains("process \(getpid()) on ") }
    held.release()
    try "mine".write(toFile: folder.mark, atomically: false, encoding: .utf8)
    #expect { try mark().requireFree() } throws: { "\($0)".contains("was not written by a run") }
    unlink(folder.mark)
    symlink("elsewhere", folder.mark)
    #expect { try mark().requireFree() } throws: { "\($0)".contains("was not written by a run") }
    #expect(try names() == ["in-use"])
  }

  /// A mark that was removed meanwhile, with its folder, is no longer the one of the folder.
  @Test func releaseLeavesTheMarkOfOthers() throws {
    let first = mark(), second = mark()
    try first.take()
    unlink(folder.mark)
    try second.take()
    first.release()
    #expect(FileManager.default.fileExists(atPath: folder.mark))
    #expect { try mark().take() } throws: { "\($0)".contains("another job") }
    second.release()
  }

  @Test func foreignFilesAreNoMarks() throws {
    try "mine".write(toFile: folder.mark, atomically: false, encoding: .utf8)
    #expect { try mark().take() } throws: { "\($0)".contains("was not written by a run") }
    #expect(try String(contentsOfFile: folder.mark, encoding: .utf8) == "mine")
    unlink(folder.mark)
    mkfifo(folder.mark, 0o666)
    #expect(throws: RunFolderError.self) { try mark().take() }
  }

  /// Many at once: one after the other holds it, and never two.
  @Test func neverTwo() async throws {
    let held = Counter(), path = temporary.path
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<200 {
            let mark = FolderMark(in: RunFolder(path), version: "0.2.0")
            guard (try? mark.take()) != nil else { continue }
            held.enter()
            held.leave()
            mark.release()
          }
        }
      }
    }
    #expect(held.most == 1)
  }

  private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var now = 0
    private(set) var most = 0

    func enter() {
      lock.withLock {
        now += 1
        most = max(most, now)
      }
    }

    func leave() { lock.withLock { now -= 1 } }
  }
}
