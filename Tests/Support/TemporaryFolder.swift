import Foundation

/// A new empty folder that is deleted, with all that is in it, when the last reference to it goes away.
///
/// Hold on to it for as long as the files are needed: `let folder = try TemporaryFolder()`, then
/// `withExtendedLifetime(folder) { ... }` or use of `folder` after the last use of the files.
package final class TemporaryFolder: Sendable {
  /// Where the folder is.
  package let url: URL

  /// Makes the folder, in the system's place for temporary files.
  package init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "gpa-mpi-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The folder's absolute path.
  package var path: String { url.path }

  /// The absolute path of a file in the folder, whether it exists or not.
  package func file(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a text file into the folder and returns its absolute path.
  package func write(_ text: String, to name: String) throws -> String {
    let path = file(name)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The names of what is in the folder, in alphabetical order.
  package func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
