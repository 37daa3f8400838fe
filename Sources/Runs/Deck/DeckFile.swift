import Glibc
import Parameters

/// A deck's file cannot be read.
package struct DeckFileError: InputError {
  /// The path.
  package let path: String
  /// The system's reason.
  package let reason: String
  /// One sentence for people.
  package var description: String { "cannot read the deck '\(path)' (\(reason))" }
}

/// Reading a deck's text.
package enum DeckFile {
  private static let largest = 16 << 20

  /// The text of a file of at most 16 MB. Throws a ``DeckFileError``.
  package static func text(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw DeckFileError(path: path, reason: reason()) }
    defer { fclose(file) }
    var bytes: [UInt8] = [], part = [UInt8](repeating: 0, count: 65536)
    while true {
      let got = fread(&part, 1, part.count, file)
      guard got > 0 else { break }
      bytes += part[..<got]
      guard bytes.count <= largest else { throw DeckFileError(path: path, reason: "it is larger than 16 MB") }
    }
    guard ferror(file) == 0 else { throw DeckFileError(path: path, reason: reason()) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      throw DeckFileError(path: path, reason: "it is \(isUTF16 ? "UTF-16" : "not UTF-8") text; save it as UTF-8")
    }
    return text
  }

  /// The folder in which a path lies; empty for the current one.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path of a deck whose relative paths start in a folder.
  package static func resolved(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
  }

  /// The absolute path of a folder; that of the current one where it is empty.
  package static func absolute(_ folder: String) -> String {
    guard !folder.hasPrefix("/"), let here = getcwd(nil, 0) else { return folder }
    defer { free(here) }
    let current = String(cString: here)
    return folder.isEmpty ? current : current + "/" + folder
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
