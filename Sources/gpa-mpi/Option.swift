import Parameters

/// A command line that cannot be understood.
struct UsageError: InputError {
  let text: String
  var description: String { "\(text); see gpa-mpi --help" }

  init(_ text: String) { self.text = text }
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
