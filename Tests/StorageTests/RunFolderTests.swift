import Foundation
import HDF5
import Parameters
import Storage
import Support
import Testing

@Suite struct RunFolderTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func touch(_ path: String) throws { try Data("x".utf8).write(to: URL(fileURLWithPath: path)) }

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
    for name in ["run.h5", "metrics.csv", "checkpoint.gpa", "log.txt", "notes.txt"] {
      try touch(folder.path + "/" + name)
    }
    try folder.prepare()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
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

  @Test(arguments: RunStatus.allCases) func finishedRunsAreKept(_ status: RunStatus) throws {
    let folder = RunFolder(temporary.file("\(status)"))
    try folder.prepare()
    let file = try HDF5File(creating: folder.result)
    try file.write(attribute: "status", text: status.rawValue)
    try file.close()
    if status.isFinal {
      #expect { try folder.check(overwrite: false) } throws: { "\($0)".contains("--overwrite") }
    } else {
      try folder.check(overwrite: false)
    }
    try folder.check(overwrite: true)
  }

  @Test func unreadableResultsAreKept() throws {
    let folder = RunFolder(temporary.file("run"))
    try folder.prepare()
    try touch(folder.result)
    #expect { try folder.check(overwrite: false) } throws: { "\($0)".contains("cannot be read") }
    try folder.check(overwrite: true)
    try HDF5File(creating: folder.result).close()
    #expect(throws: RunFolderError.self) { try folder.check(overwrite: false) }
  }
}
