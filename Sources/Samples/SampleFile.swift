import Numerics
import Parameters

/// Rows that stand in a file, all or some.
package struct SampleFile: Codable, Sendable, Equatable {
  /// A condition on the rows: those whose text in a column is equal to a text.
  package struct Condition: Codable, Sendable, Equatable {
    /// The `.csv` or `.tsv` with the column, whose rows are those of the samples in the same order; nil: the samples' own
    /// file, and then the column itself is not part of the samples.
    package let file: String?
    /// The column's name in the header.
    package let column: String
    /// The text that the chosen rows have there.
    package let equals: String

    enum CodingKeys: String, CodingKey { case file, column, equals }

    /// Reads the keys of a deck.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      file = try values.decodeIfPresent(String.self, forKey: .file) == nil ? nil : values.path(.file)
      column = try values.decode(String.self, forKey: .column)
      equals = try values.decode(String.self, forKey: .equals)
    }
  }

  /// The file, relative to the deck's folder.
  package let file: String
  /// The member of an `.npz`, the dataset of an `.h5`, `X` or a key of obsm of an `.h5ad`.
  package let array: String?
  /// Only these rows.
  package let `where`: Condition?
  /// A random choice of this many rows.
  package let limit: Int?

  enum CodingKeys: String, CodingKey {
    case file, array, `where`, limit
  }

  /// Reads the keys of a deck.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    file = try values.path(.file)
    array = try values.decodeIfPresent(String.self, forKey: .array)
    `where` = try values.decodeIfPresent(Condition.self, forKey: .where)
    limit = try values.decodeIfPresent(Int.self, forKey: .limit) == nil ? nil : values.count(.limit)
  }

  /// Reads the chosen rows, in the file's order. Only called on the root.
  ///
  /// NaN and infinities are errors in the rows that `where` chooses; `limit` draws from these without replacement.
  func read(folder: String, selection: RandomNumbers) throws -> SampleTable {
    let path = resolved(file, in: folder)
    let format = try sampleFormat(of: path)
    if let array, !format.hasNamedArrays { throw SampleError.arrayNotNamed(file: path, array: array) }
    let ownColumn = `where`?.file == nil ? `where`?.column : nil
    if ownColumn != nil, format != DelimitedText.self { throw SampleError.columnNeedsTable(file: path) }
    let table =
      ownColumn == nil
      ? try format.read(path, array: array) : try DelimitedText.read(path, without: ownColumn)
    var chosen: [Int]?
    if let condition = `where` {
      let labels = condition.file.map { resolved($0, in: folder) } ?? path
      chosen = try rows(of: labels, where: condition, expecting: table)
    }
    try table.checkFinite(rows: chosen)
    if let limit {
      let available = chosen?.count ?? table.rows
      guard limit <= available else { throw SampleError.tooFewRows(file: path, rows: available, limit: limit) }
      chosen = selection.choice(of: limit, from: available).map { chosen?[$0] ?? $0 }
    }
    if let chosen { table.keep(rows: chosen) }
    return table
  }

  private func rows(of file: String, where condition: Condition, expecting table: SampleTable) throws -> [Int] {
    guard try sampleFormat(of: file) == DelimitedText.self else { throw SampleError.columnNeedsTable(file: file) }
    var reader = try DelimitedReader(file)
    guard try reader.next() else { throw SampleError.malformed(file: file, reason: "is empty") }
    let names = reader.fields.indices.map { reader.field($0) }
    let column = try DelimitedText.index(of: condition.column, in: names, file: file)
    let wanted = Array(condition.equals.utf8)
    var chosen: [Int] = [], others: [String] = [], row = 0
    while try reader.next() {
      guard column < reader.fields.count else {
        throw SampleError.unknownColumn(file: file, column: condition.column, available: names)
      }
      if reader.text[reader.fields[column]].elementsEqual(wanted) {
        chosen.append(row)
      } else if others.count <= 12 {
        let other = reader.field(column)
        if !others.contains(other) { others.append(other) }
      }
      row += 1
    }
    guard row == table.rows else {
      throw SampleError.rowCounts(file: table.file, rows: table.rows, table: file, tableRows: row)
    }
    guard !chosen.isEmpty else {
      throw SampleError.noMatch(file: file, column: condition.column, value: condition.equals, some: others)
    }
    return chosen
  }

  private func resolved(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
  }
}

extension RandomNumbers {
  /// `count` of the numbers 0 ..< `total`, ascending, every choice equally likely (selection sampling; Fan, Muller and
  /// Rezucha 1962).
  func choice(of count: Int, from total: Int) -> [Int] {
    var stream = stream(0), result: [Int] = []
    result.reserveCapacity(count)
    for index in 0..<total where result.count < count {
      if stream.integer(below: total - index) < count - result.count { result.append(index) }
    }
    return result
  }
}
