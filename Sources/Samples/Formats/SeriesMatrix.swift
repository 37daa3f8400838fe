/// GEO's series matrix (`..._series_matrix.txt`, also .gz): a table of probes by samples under lines that describe the samples.
/// Rows are samples, named by their accessions; columns are probes. The characteristics of the samples, written `key: value`,
/// and all other lines of the samples are columns for `where` and `labels`.
enum SeriesMatrix: SampleFormat {
  static let name = "series_matrix.txt (also .gz)"

  static func recognises(name: String) -> Bool { name.hasSuffix("series_matrix.txt") }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    var scanner = try scanner(file), probes: [String] = [], samples: [String] = []
    guard try find("!series_matrix_table_begin", in: &scanner), try scanner.next() else {
      throw SampleError.malformed(file: file, reason: "has no table (!series_matrix_table_begin)")
    }
    samples = try (1..<max(scanner.fields.count, 1)).map { FieldText.trimmed(try scanner.name($0)) }
    guard !samples.isEmpty else { throw SampleError.malformed(file: file, reason: "its table names no samples") }
    let table = SampleTable(file: file, columns: samples.count)
    while try scanner.next() {
      if scanner.isBlank { continue }
      let probe = FieldText.trimmed(try scanner.name(0))
      if probe == "!series_matrix_table_end" { return try finished(table, probes, samples) }
      guard scanner.fields.count == samples.count + 1 else {
        throw SampleError.malformed(
          file: file,
          reason: "line \(scanner.line) has \(scanner.fields.count - 1) values for \(samples.count) samples"
            + (scanner.endsFile ? "; the file is cut off there, behind \(probes.count) whole rows: fetch it anew" : ""))
      }
      probes.append(probe)
      try append(scanner, to: table, probe: probe, samples)
    }
    throw SampleError.malformed(
      file: file,
      reason: "is cut off: its table has no end (!series_matrix_table_end) behind \(probes.count) rows; fetch it anew")
  }

  private static func finished(_ table: SampleTable, _ probes: [String], _ samples: [String]) throws -> SampleTable {
    guard !probes.isEmpty else { throw SampleError.malformed(file: table.file, reason: "its table has no rows") }
    table.rowNames = probes
    table.columnNames = samples
    try table.exchange()
    return table
  }

  private static func append(
    _ scanner: RecordScanner, to table: SampleTable, probe: String, _ samples: [String]
  ) throws {
    try scanner.text.withUnsafeBufferPointer { text in
      for (column, field) in scanner.fields.dropFirst().enumerated() {
        let range = FieldText.trimmed(field, in: text)
        guard let value = FieldText.number(text, range) else {
          let found = String(decoding: text[range].prefix(40), as: UTF8.self)
          if found.isEmpty || FieldText.kind(found) == .missing {
            table.missing = table.missing ?? "the series matrix has no number there"
            try table.append(.nan)
            continue
          }
          throw SampleError.malformed(
            file: table.file, reason: "probe \(probe) of sample \(samples[column]) is '\(found)', not a number")
        }
        try table.append(value)
      }
    }
  }

  /// The texts of a characteristic, or of another line of the samples (such as `title` or `source_name_ch1`).
  static func column(_ name: String, of file: String) throws -> [String] {
    var scanner = try scanner(file), lines: [(name: String, texts: [String])] = []
    while try scanner.next() {
      let head = FieldText.trimmed(try scanner.name(0))
      if head == "!series_matrix_table_begin" { break }
      guard head.hasPrefix("!Sample_"), scanner.fields.count > 1 else { continue }
      let texts = try (1..<scanner.fields.count).map { FieldText.trimmed(try scanner.name($0)) }
      add(String(head.dropFirst(8)), texts, to: &lines)
    }
    guard let line = lines.first(where: { $0.name == name }) else {
      throw SampleError.unknownColumn(file: file, column: name, available: lines.map(\.name))
    }
    return line.texts
  }

  /// A characteristic is called by its key, which can change from sample to sample in one line.
  private static func add(_ head: String, _ texts: [String], to lines: inout [(name: String, texts: [String])]) {
    func put(_ name: String, _ text: String, at place: Int) {
      if let known = lines.firstIndex(where: { $0.name == name }) {
        lines[known].texts[place] = text
      } else {
        var all = [String](repeating: "", count: texts.count)
        all[place] = text
        lines.append((name, all))
      }
    }
    guard head.hasPrefix("characteristics") else {
      if !lines.contains(where: { $0.name == head }) { lines.append((head, texts)) }
      return
    }
    for (place, text) in texts.enumerated() {
      guard let colon = text.firstIndex(of: ":") else { continue }
      put(
        FieldText.trimmed(String(text[..<colon])), FieldText.trimmed(String(text[text.index(after: colon)...])),
        at: place)
    }
  }

  private static func scanner(_ file: String) throws -> RecordScanner {
    RecordScanner(try ByteStream.open(file), separator: 9, read: [], from: 0, line: 1)
  }

  private static func find(_ line: String, in scanner: inout RecordScanner) throws -> Bool {
    while try scanner.next() {
      if scanner.fields.first.map({ scanner.text[$0].elementsEqual(line.utf8) }) == true { return true }
    }
    return false
  }
}
