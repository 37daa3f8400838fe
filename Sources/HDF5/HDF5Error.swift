import Parameters

/// An HDF5 file that could not be read or written as asked.
package struct HDF5Error: InputError {
  /// The file.
  package let path: String
  /// What failed, such as "cannot open the dataset 'x'".
  package let what: String
  /// The library's own text, or the reason in our words.
  package let text: String
  /// 2 where a file is read, as it is the input's fault; 1 where it is written.
  package let exitCode: Int32

  /// An error with all its parts.
  package init(path: String, what: String, text: String, exitCode: Int32 = 2) {
    self.path = path
    self.what = what
    self.text = text
    self.exitCode = exitCode
  }

  /// The whole in one line.
  package var description: String { "\(path): \(what)" + (text.isEmpty ? "" : " (\(text))") }
}
