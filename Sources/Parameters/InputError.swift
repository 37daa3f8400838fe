/// An error that the input causes: a deck, a file, a command line. A job that meets one ends with exit code 2 and the
/// error's description as its one message; any other error ends it with exit code 1.
public protocol InputError: Error, CustomStringConvertible {}
