import Parameters

/// The line on which a text stands that libyaml refuses, and why, in words for people; nil where libyaml's must do.
struct SyntaxHint {
  let line: Int, column: Int, text: String

  /// - Parameters:
  ///   - lines: where what libyaml was reading begins, and where it gave up, from 0.
  init?(_ problem: String, in bytes: UnsafeBufferPointer<UInt8>, lines: [Int]) {
    for line in lines {
      guard let content = Self.line(line, of: bytes), content.count <= 2000,
        let found = Self.explain(
          String(decoding: content, as: UTF8.self), problem: problem, isFirst: line == lines.first)
      else { continue }
      self.line = line + 1
      column = found.column + 1
      text = found.text
      return
    }
    return nil
  }

  private static func line(_ number: Int, of bytes: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>>? {
    var rest = bytes[...]
    for _ in 0..<number {
      guard let end = rest.firstIndex(of: 0x0A) else { return nil }
      rest = rest[(end + 1)...]
    }
    return rest.prefix { $0 != 0x0A }
  }

  private static func explain(_ line: String, problem: String, isFirst: Bool) -> (column: Int, text: String)? {
    let letters = Array(line.unicodeScalars.prefix { $0 != "\r" })
    let margin = letters.prefix { $0 == " " || $0 == "\t" }
    if let tab = margin.firstIndex(of: "\t") {
      return (tab, "a tab indents the line; write spaces, as YAML wants them")
    }
    let content = String(String.UnicodeScalarView(letters[margin.count...]))
    guard !content.isEmpty, !content.hasPrefix("#") else { return nil }
    let isOfText = { (place: Int) in place > 0 && !" :[{,-(\u{A0}".unicodeScalars.contains(letters[place - 1]) }
    if let place = letters.firstIndex(where: { $0.isInvisible || $0.isBlank && $0 != " " && $0 != "\t" }) {
      return (place, "there is \(letters[place].name), which is no ordinary space; write an ordinary one")
    }
    if let quote = letters.indices.first(where: { typographicQuotes.contains(letters[$0]) && !isOfText($0) }) {
      return (quote, "there is the typographic quote \(letters[quote]) (\(letters[quote].codePoint)); write \" or '")
    }
    guard problem.contains("expected ':'"), isFirst else { return nil }
    let text =
      bracketHint(content) ?? pairHint(content)
      ?? "'\(oneLine(content, limit: 60))' is no key with a value; write key: value, with a colon and a blank behind it"
    return (margin.count, text)
  }

  /// `hidden:[8, 8]` within brackets.
  private static func bracketHint(_ content: String) -> String? {
    let letters = Array(content.unicodeScalars)
    for place in letters.indices.dropFirst().dropLast() where letters[place] == ":" {
      if Misspelling.isKeyLetter(letters[place - 1]), "[{".unicodeScalars.contains(letters[place + 1]) {
        let word = letters[..<place].reversed().prefix(while: Misspelling.isKeyLetter).reversed().map(Character.init)
        return "a blank is missing behind the colon of \(String(word))"
      }
    }
    return nil
  }

  /// The letter at a line, from 0, and a column, from 1.
  static func letter(of bytes: UnsafeBufferPointer<UInt8>, line number: Int, column: Int) -> Unicode.Scalar? {
    guard let content = line(number, of: bytes), content.count <= 2000 else { return nil }
    return String(decoding: content, as: UTF8.self).unicodeScalars.dropFirst(column - 1).first
  }

  /// What libyaml says, in words for people; `first` is the line, from 1, where what it was reading begins.
  static func inWords(_ problem: String, context: String, first: Int, at letter: Unicode.Scalar?) -> String? {
    if problem.contains("expected ',' or"), context.contains("flow") {
      return "the bracket that is opened in line \(first) is not closed, or a comma is missing behind a value"
    }
    if problem.contains("unexpected end of stream"), context.contains("quoted") {
      return "the quote that is opened in line \(first) is not closed"
    }
    if problem.contains("mapping values are not allowed") {
      return
        "there is a second colon in one value; write each key in a line of its own, as far right as the other keys "
        + "of its section, and a text that holds ': ' in quotes"
    }
    if problem.contains("did not find expected key"), context.contains("block mapping") {
      return
        "this is no key of the section that begins in line \(first); all keys of a section begin in the same column"
    }
    if problem.contains("cannot start any token"), let letter, letter.value > 0x20 {
      return "'\(letter)' cannot begin a value; put the text in quotes"
    }
    return nil
  }
}
