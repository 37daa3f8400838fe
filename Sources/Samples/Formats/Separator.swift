/// What separates the fields of a table of text: tabs in a `.tsv`; else what cuts its first records into as many fields
/// each, as numbers where several do.
enum Separator {
  private static let comma = UInt8(ascii: ","), semicolon = UInt8(ascii: ";"), tab: UInt8 = 9
  private static let mostRecords = 100

  /// The separator of a file. Throws where its records are cut by something that separates no columns of such a file.
  static func choose(_ head: TextHead, file: String) throws -> UInt8 {
    if let said = head.separator { return said }
    let cuts = [tab, semicolon, comma].map { Cut(head, by: $0, file: file) }
    let wide = cuts.filter { $0.isRegular && $0.width > 1 }
    if DelimitedText.isTabs(file) {
      guard !cuts[0].isEverywhere, !cuts[0].isRegular || cuts[0].width == 1 else { return tab }
      if let other = wide.max(by: { $0.share < $1.share }), other.share >= 0.5 {
        let name = other.separator == comma ? "commas" : "semicolons"
        throw SampleError.malformed(
          file: file,
          reason:
            "has no tabs, which separate the columns of a .tsv, but \(name); name it .csv if they separate columns, and "
            + "write decimal points if they are decimal commas")
      }
      try expectNoOther(cuts[0], file: file)
      return tab
    }
    if let best = wide.first(where: { cut in wide.allSatisfy { $0.share <= cut.share } }) { return best.separator }
    // Records of different widths are an error, whatever cuts them.
    let line = head.bytes[head.start...].prefix { $0 != 10 && $0 != 13 }
    let first = [comma, semicolon, tab].first { line.contains($0) } ?? comma
    if let cut = cuts.first(where: { $0.separator == first }) { try expectNoOther(cut, file: file) }
    return first
  }

  /// Throws where records of one field are several numbers with blanks or other signs between them.
  private static func expectNoOther(_ cut: Cut, file: String) throws {
    guard cut.isRegular, cut.width == 1, let sign = cut.otherSign else { return }
    throw SampleError.malformed(
      file: file,
      reason:
        "has \(sign) between its columns; the separator must be a comma, a semicolon or a tab (numpy.savetxt(..., "
        + "delimiter=','), R's write.csv)")
  }

  /// The first records as a separator cuts them.
  private struct Cut {
    let separator: UInt8
    /// Whether all records but the first have the same number of fields, and the first about as many.
    private(set) var isRegular = false
    /// Whether every record has the separator.
    private(set) var isEverywhere = false
    /// That number.
    private(set) var width = 0
    /// The share of fields that are numbers, with decimal commas, too, behind the first record.
    private(set) var share = 0.0
    /// What stands between the words of records of one field, most of which are numbers.
    private(set) var otherSign: String?

    init(_ head: TextHead, by separator: UInt8, file: String) {
      self.separator = separator
      var scanner = RecordScanner(head.bytes, separator: separator, file: file, from: head.start, line: head.line)
      var records: [[String]] = []
      // The last record of a part of the file may be cut off.
      while records.count < mostRecords, (try? scanner.next()) == true, head.isWhole || !scanner.endsFile {
        if !scanner.isBlank, !scanner.isComment || records.isEmpty {
          records.append(scanner.fields.indices.map(scanner.field))
        }
      }
      let rows = records.count > 1 ? records[1...] : records[...]
      guard let first = records.first, let row = rows.first else { return }
      width = row.count
      isRegular = rows.allSatisfy { $0.count == width } && abs(first.count - width) <= 1
      isEverywhere = records.allSatisfy { $0.count > 1 }
      let fields = rows.prefix(20).flatMap { $0 }
      let numbers = fields.count {
        FieldText.number($0) != nil || separator != comma && FieldText.hasComma(FieldText.trimmed($0))
      }
      share = Double(numbers) / Double(fields.count)
      guard width == 1 else { return }
      otherSign =
        [(name: "blanks", signs: " \t"), (name: "'|'", signs: "|")].first { _, signs in
          let words = rows.map { $0[0].split { signs.contains($0) } }
          return words.allSatisfy { words in
            words.count > 1
              && 2 * words.count { FieldText.number(String($0)) != nil || FieldText.hasComma(String($0)) } > words.count
          }
        }?.name
    }
  }
}
