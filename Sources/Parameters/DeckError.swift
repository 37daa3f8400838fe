/// What is wrong with a deck, and where: `file:line:column: key.path: what was found and what is allowed`. A value that came
/// from the command line is named by its option in place of the file and the position.
package struct DeckError: Error, InputError, Equatable {
  /// The whole message, on one line.
  package let description: String

  /// An error at a place in a deck; an empty path leaves the path out.
  package init(_ origin: Origin, path: String, _ text: String) {
    let place: String, names: String?
    switch origin {
    case .position(let file, let line, let column):
      place = "\(file):\(line):\(column)"
      names = nil
    case .option(let option):
      place = "--set \(option)"
      names = option
    case .program:
      place = "the deck"
      names = nil
    }
    let prefix = path.isEmpty || path == names ? "" : oneLine(path, limit: 300) + ": "
    description = oneLine(place, limit: 4500) + ": " + prefix + oneLine(text, limit: 2000)
  }
}
