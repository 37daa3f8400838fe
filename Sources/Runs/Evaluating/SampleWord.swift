import Glibc
import MessagePassing
import Parameters
import Samples
import Storage

/// A sample set as a command line names it: FILE, FILE:ARRAY, or a run folder.
package struct SampleWord: Sendable {
  /// The word.
  package let text: String
  /// Whether the first line of a .csv or .tsv holds names; nil: the table shows it.
  package let header: Bool?

  /// A word as it was typed.
  package init(_ text: String, header: Bool? = nil) {
    self.text = text
    self.header = header
  }

  /// The file that is meant, and an array in it. Not for run folders.
  package var file: SampleFile {
    var file = SampleFile()
    file.file = text
    if header != nil, [".csv", ".tsv", ".csv.gz", ".tsv.gz"].contains(where: text.lowercased().hasSuffix) {
      file.header = header
    } else if access(text, F_OK) != 0, let colon = text.lastIndex(of: ":"), colon > text.startIndex {
      file.file = String(text[..<colon])
      file.array = String(text[text.index(after: colon)...])
    }
    return file
  }

  /// Whether there is a folder of this name.
  var isFolder: Bool {
    var status = stat()
    return stat(text, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Opens the rows, of a run folder the moved particles. Collective; an error of the input is thrown on all ranks alike.
  func open(on communicator: Communicator) throws -> SharedTable {
    if try communicator.onRoot({ isFolder }) { return try EvaluatedRun(text, on: communicator).open("particles") }
    return try SampleSource(file).open(role: .source, seed: 0, folder: "", on: communicator)
  }
}
