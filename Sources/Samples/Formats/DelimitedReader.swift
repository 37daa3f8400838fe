/// Reads the rows of a table of text one by one, behind its header.
struct DelimitedReader {
  private var scanner: RecordScanner
  /// What the table's columns are called, and how many there are.
  let layout: TableLayout
  /// The number of rows so far, blank ones at the end left out.
  private(set) var rows = 0
  private var first: Int?

  /// A reader in front of the first row of a `.csv` or `.tsv`.
  ///
  /// - Parameters:
  ///   - header: whether the first line holds names; the table itself says it where it is `.automatic`.
  ///   - needed: names of columns that are asked for, so that there must be a header.
  init(_ file: String, header: TableLayout.Header = .automatic, needed: [String] = []) throws {
    let stream = try ByteStream.open(file), head = try TextHead(stream)
    let separator = try Separator.choose(head, file: file)
    layout = try TableLayout(
      try TableSketch(head, separator: separator, file: file), head, separator: separator, header: header,
      needed: needed,
      file: file)
    scanner = RecordScanner(stream, separator: separator, read: head.bytes, from: head.start, line: head.line)
    guard layout.hasHeader else { return }
    repeat { guard try scanner.next() else { return } } while scanner.isBlank
    first = scanner.fields.count
    for index in scanner.fields.indices { _ = try scanner.name(index) }
  }

  /// The bytes of all fields of the row, each followed by a zero byte.
  var text: [UInt8] { scanner.text }
  /// Where each field's bytes lie in ``text``, without the zero byte.
  var fields: [Range<Int>] { scanner.fields }
  /// The file, for messages.
  var file: String { scanner.file }

  /// The text of a field of the row, without blanks around it. Throws where it is not UTF-8.
  func name(_ index: Int) throws -> String { FieldText.trimmed(try scanner.name(index)) }

  /// Reads the next row; false at the end of the file.
  mutating func next() throws -> Bool {
    var pending: String?
    while try scanner.next() {
      if scanner.isBlank {
        if first != nil, pending == nil { pending = "line \(scanner.line) is blank; remove it or fill it in" }
        continue
      }
      if isComment {
        pending = pending ?? "line \(scanner.line) is a comment among the rows; remove it"
        continue
      }
      if let pending { throw SampleError.malformed(file: file, reason: pending) }
      try checkWidth()
      first = first ?? scanner.fields.count
      rows += 1
      return true
    }
    return false
  }

  /// Whether the record is a line that starts with '#' and no row.
  private var isComment: Bool {
    guard scanner.isComment else { return false }
    return scanner.fields.count < layout.width
      || scanner.fields.count > layout.width + layout.spare
      || layout.width == 1 && scanner.text.starts(with: Array("# ".utf8))
  }

  private func checkWidth() throws {
    let count = scanner.fields.count, width = layout.width
    if count == width { return }
    guard count > width, count <= width + layout.spare else {
      let first = layout.lacksName ? width : self.first ?? width
      let hint =
        count == first + 1 && rows == 0 && layout.hasHeader
        ? "; where the first field is a row's name, give it a name in the first line" : ""
      throw SampleError.malformed(
        file: file,
        reason: "line \(scanner.line) has \(count) values, where the first line has \(first); each needs as many\(hint)"
      )
    }
    for field in scanner.fields[width...] where !field.isEmpty {
      let text = String(decoding: scanner.text[field].prefix(40), as: UTF8.self)
      guard FieldText.trimmed(text).isEmpty else {
        throw SampleError.malformed(
          file: file,
          reason: "line \(scanner.line) has '\(text)' behind its last column; each line needs as many values")
      }
    }
  }
}

extension RecordScanner {
  /// The text of a field that is a name. Throws where it is not UTF-8, and so would be another name.
  func name(_ index: Int, line: Int? = nil) throws -> String {
    guard let name = String(validating: text[fields[index]], as: UTF8.self) else {
      throw SampleError.malformed(
        file: file,
        reason:
          "line \(line ?? self.line) is not in UTF-8 ('\(String(field(index).prefix(40)))'); save the file as UTF-8 (in "
          + "Excel: CSV UTF-8; iconv -f WINDOWS-1252 -t UTF-8)")
    }
    return name
  }
}
