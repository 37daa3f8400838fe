import Foundation

/// The folder of Package.swift.
package let packageRoot: URL = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A folder of the reference material that lies beside the package (`../shared/NAME`, or `$GPA_SHARED/NAME`), such as
/// "oracle" or "data"; nil where it is absent, and the test that wanted it is to be skipped:
/// `@Test(.enabled(if: sharedFolder(named: "oracle") != nil))`.
package func sharedFolder(named name: String) -> URL? {
  let shared =
    ProcessInfo.processInfo.environment["GPA_SHARED"].map { URL(fileURLWithPath: $0, isDirectory: true) }
    ?? packageRoot.deletingLastPathComponent().appendingPathComponent("shared", isDirectory: true)
  let folder = shared.appendingPathComponent(name, isDirectory: true)
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
    return nil
  }
  return folder
}

/// The absolute path of a program that the package builds, beside the running tests: `.build/CONFIGURATION/NAME`.
/// `GPA_MPI_PROGRAMS` names another folder to look in.
package func product(named name: String) throws -> String {
  let folder = ProcessInfo.processInfo.environment["GPA_MPI_PROGRAMS"] ?? productFolder
  let path = "\(folder)/\(name)"
  guard FileManager.default.isExecutableFile(atPath: path) else {
    throw SupportError("there is no program \(path); build it with 'swift build', in the tests' own configuration")
  }
  return path
}

/// The folder of the test bundle that this code is linked into: the file that is mapped where this image begins.
private let productFolder: String = {
  let start = UInt(bitPattern: #dsohandle)
  let maps = FileManager.default.contents(atPath: "/proc/self/maps") ?? Data()
  for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
    let fields = line.split(separator: " ", maxSplits: 5)
    let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    if bounds.count == 2, fields.count == 6, (bounds[0]..<bounds[1]).contains(start) {
      return URL(fileURLWithPath: fields[5].trimmingCharacters(in: .whitespaces)).deletingLastPathComponent().path
    }
  }
  return packageRoot.appendingPathComponent(".build/release").path
}()

/// Why a test could not be set up; a mistake of the test or the machine, not of the code under test.
package struct SupportError: Error, CustomStringConvertible {
  /// What is wrong.
  package let description: String

  /// An error with this text.
  package init(_ description: String) { self.description = description }
}
