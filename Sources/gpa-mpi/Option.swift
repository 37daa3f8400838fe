import Glibc
import Parameters

/// A command line that cannot be understood.
struct UsageError: InputError {
  let text: String
  var description: String { "\(text); see gpa-mpi --help" }

  init(_ text: String) { self.text = text }
}

/// A word as a shell takes it.
func shellQuoted(_ word: String) -> String {
  let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+")
  guard !word.allSatisfy(plain.contains) || word.isEmpty else { return word }
  return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

/// A file that is there, or FILE:NAME for an array in one.
func fileAndArray(_ word: String) -> (file: String, array: String?) {
  guard access(word, F_OK) != 0, let colon = word.lastIndex(of: ":"), colon > word.startIndex else {
    return (word, nil)
  }
  return (String(word[..<colon]), String(word[word.index(after: colon)...]))
}

/// A row of a command's table of options.
struct Option<Root>: Sendable {
  /// The option, such as `--output`.
  let name: String
  /// What its value is, for the help, such as `DIR`; nil: a flag.
  let argument: String?
  /// What it does.
  let meaning: String
  /// Takes a value, empty for a flag. Throws a ``UsageError``.
  let set: @Sendable (inout Root, String) throws -> Void
  /// The values with which the option is repeated on the command line that continues a run.
  let repeated: @Sendable (Root) -> [String]

  /// A flag.
  static func flag(_ name: String, _ path: WritableKeyPath<Root, Bool> & Sendable, _ meaning: String) -> Option {
    Option(name: name, argument: nil, meaning: meaning, set: { root, _ in root[keyPath: path] = true }) { _ in [] }
  }

  /// An option with a value; `read` gives nil for one that is not allowed, which `needs` says in words.
  static func value<Value>(
    _ name: String, _ argument: String, _ path: WritableKeyPath<Root, Value?> & Sendable, _ meaning: String,
    needs: String,
    isRepeated: Bool = false, read: @escaping @Sendable (String) -> Value?
  ) -> Option {
    Option(
      name: name, argument: argument, meaning: meaning,
      set: { root, text in
        guard let value = read(text) else { throw UsageError("\(name) needs \(needs)") }
        root[keyPath: path] = value
      },
      repeated: { root in isRepeated ? (root[keyPath: path].map { ["\($0)"] } ?? []) : [] })
  }
}
