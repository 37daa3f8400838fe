import Foundation
import HDF5
import Parameters
import Storage
import Support
import Testing

@Suite struct RunFolderTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func touch(_ path: String, _ text: String = "x") throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func result(_ folder: RunFolder, status: String) throws {
    let file = try HDF5File(creating: folder.result)
    for (name, text) in [("deck", "seed: 1"), ("version", "0.2.0"), ("status", status)] {
      try file.write(attribute: name, text: text)
    }
    try file.close()
  }

  @Test func checkMakesNothing() throws {
    let folder = RunFolder(temporary.file("a/b/c//"))
    #expect(folder.path == temporary.file("a/b/c"))
    try folder.check(overwrite: false)
    #expect(!FileManager.default.fileExists(atPath: temporary.file("a")))
    try folder.make()
    try folder.make()
    try folder.check(overwrite: false)
  }

  @Test func prepareRemovesOnlyItsFiles() throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    for name in ["run.h5", "metrics.csv", "checkpoint.gpa", "log.txt", "notes.txt", "run.h5.damaged"] {
      try touch(folder.path + "/" + name)
    }
    try folder.prepare()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["notes.txt", "run.h5.damaged"])
  }

  @Test func filesAreNoFolders() throws {
    try touch(temporary.file("file"))
    for path in ["file", "file/run", "file/a/b"] {
      #expect { try RunFolder(temporary.file(path)).check(overwrite: true) } throws: {
        "\($0)".contains("is not a folder") && ($0 as? any InputError)?.exitCode == 2
      }
      #expect(throws: RunFolderError.self) { try RunFolder(temporary.file(path)).make() }
    }
  }

  @Test func foldersThatCannotBeMadeLeaveNone() throws {
    let folder = RunFolder(temporary.file("new/" + String(repeating: "x", count: 300)))
    #expect { try folder.make() } throws: {
      "\($0)".contains("output.directory") && ($0 as? any InputError)?.exitCode == 2
    }
    #expect(!FileManager.default.fileExists(atPath: temporary.file("new")))
  }

  @Test func unwritableFolders() throws {
    // The superuser may write everywhere but where the system makes the files.
    let parent = getuid() == 0 ? "/proc" : "/"
    #expect(throws: RunFolderError.self) { try RunFolder(parent + "/no/such").prepare() }
    if getuid() != 0 { #expect(throws: RunFolderError.self) { try RunFolder("/no/such").check(overwrite: true) } }
  }

  /// Whatever could be continued is kept, and what is over.
  @Test(arguments: RunStatus.allCases.map(\.rawValue) + ["unheard of"]) func runsAreKept(_ status: String) throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    try result(folder, status: status)
    #expect { try folder.check(overwrite: false) } throws: {
      "\($0)".contains("--restart continues it") && "\($0)".contains("--overwrite replaces it")
    }
    try folder.check(overwrite: true)
  }

  @Test(arguments: ["checkpoint.gpa", "checkpoint.previous.gpa"]) func checkpointsAreKept(_ name: String) throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    try touch(folder.path + "/" + name, "gpa-snap and more")
    #expect { try folder.check(overwrite: false) } throws: { "\($0)".contains("a checkpoint of a run") }
    try folder.check(overwrite: true)
  }

  private static let names = [
    "run.h5", "metrics.csv", "log.txt", "checkpoint.gpa", "checkpoint.previous.gpa", "checkpoint.h5", "run.h5.tmp",
    "checkpoint.gpa.tmp",
  ]

  /// What no run has written is never lost, whatever is asked for.
  @Test(arguments: names) func foreignFilesAreKept(_ name: String) throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    for text in ["my notes\n", "step,loss\n1,2\n", "gpa-mpi is a program\n"] {
      try touch(folder.path + "/" + name, text)
      for overwrite in [false, true] {
        #expect { try folder.check(overwrite: overwrite) } throws: {
          "\($0)".contains("/\(name)' was not written by a run") && ($0 as? any InputError)?.exitCode == 2
        }
      }
    }
    // An empty file, and one that a machine left which went down, hold nothing.
    for text in ["", String(repeating: "\0", count: 100)] {
      try touch(folder.path + "/" + name, text)
      try folder.check(overwrite: true)
    }
  }

  @Test func foreignFoldersAndHDF5FilesAreKept() throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    try HDF5File(creating: folder.result).close()
    #expect(throws: RunFolderError.self) { try folder.check(overwrite: true) }
    unlink(folder.result)
    // One that can be opened holds nothing of a run where it holds something else.
    let half = folder.path + "/run.h5.tmp"
    try HDF5File(creating: half).close()
    try folder.check(overwrite: true)
    let mine = try HDF5File(creating: half)
    try mine.write([1.0], to: "x", shape: [1])
    try mine.close()
    #expect(throws: RunFolderError.self) { try folder.check(overwrite: true) }
    let ours = try HDF5File(creating: half)
    try ours.write(attribute: "deck", text: "")
    try ours.write([1.0], to: "target", shape: [1])
    try ours.close()
    try folder.check(overwrite: true)
    unlink(half)
    mkdir(folder.log, 0o777)
    #expect(throws: RunFolderError.self) { try folder.check(overwrite: true) }
  }

  /// Beside a run, what begins with other bytes is its damaged file; notes of the user's are no damage.
  @Test func damagedFilesOfARun() throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    try result(folder, status: "running")
    for name in ["checkpoint.gpa", "checkpoint.h5", "run.h5.tmp"] { try touch(folder.path + "/" + name) }
    try folder.check(overwrite: true)
    try touch(folder.log, "gpa-mpi 0.2.0: demo\n")
    try touch(folder.metrics, "step,ti")
    try folder.check(overwrite: true)
    try touch(folder.result, "x")
    #expect(throws: RunFolderError.self) { try folder.check(overwrite: false) }
    try touch(folder.checkpoint, "gpa-snap")
    try folder.check(overwrite: true)
    try touch(folder.metrics, "mine\n")
    #expect(throws: RunFolderError.self) { try folder.check(overwrite: true) }
  }

  /// Of a folder that begins as the watchdog's do, what is not the watchdog's stays.
  @Test func tidyRemovesOnlyNotes() throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    for (name, note) in [
      ("watchdog-data", "1"), ("watchdog-a9", "notes.txt"), ("watchdog-b7", "3"), ("watchdog-c", "4.tmp"),
    ] {
      mkdir(folder.path + "/" + name, 0o777)
      try touch(folder.path + "/\(name)/\(note)")
    }
    folder.tidy()
    let left = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    #expect(left == ["watchdog-a9", "watchdog-a9/notes.txt", "watchdog-data", "watchdog-data/1"])
  }

  @Test func damagedResultsGetAnotherName() throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    for name in ["run.h5.damaged", "run.h5.damaged-2", "run.h5.damaged-3"] {
      try touch(folder.result, name)
      #expect(try folder.setAsideResult() == folder.path + "/" + name)
      #expect(try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8) == name)
    }
  }
}
