/// An error that knows the exit code with which it ends the job: 2 bad input, 3 diverged, 4 interrupted; errors without
/// one end it with 1.
package protocol ExitCoded: Error {
  /// The exit code of every rank.
  var exitCode: Int32 { get }
}

/// An error that the input causes: a deck, a file, a command line. A job that meets one ends with exit code 2 and the
/// error's description as its one message.
package protocol InputError: ExitCoded, CustomStringConvertible {}

extension InputError {
  /// 2, bad input.
  package var exitCode: Int32 { 2 }
}
