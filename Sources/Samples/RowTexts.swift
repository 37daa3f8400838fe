import Parameters

/// Where a text for each row stands: a column of a table, or an array.
struct RowTexts {
  /// The table or the array's file; nil: the samples' own file.
  let file: String?
  /// The column's name; nil for an array.
  let column: String?
  /// The array, in a file of several.
  var array: String?
  /// How the first line of the samples' own table is read.
  let header: TableLayout.Header
  /// Names of columns that the samples' own table must have.
  let needed: [String]

  /// The texts of the rows of samples, read from `own`.
  ///
  /// A table of the samples' names in its first column is matched with them by name; any other must have as many rows. Throws a
  /// ``SampleError``.
  func read(for table: SampleTable, of own: String) throws -> [String] {
    let path = file ?? own, format = try sampleFormat(of: path)
    guard let column else { return try numbers(of: path, format, for: table) }
    if format == AnnData.self { return try counted(try AnnData.column(column, of: path), path, table) }
    if format == SeriesMatrix.self { return try counted(try SeriesMatrix.column(column, of: path), path, table) }
    guard format == DelimitedText.self else { throw SampleError.columnNeedsTable(file: path) }
    var reader = try DelimitedReader(
      path, header: file == nil ? header : .automatic, needed: [column] + (file == nil ? needed : []))
    let place = try DelimitedText.index(of: column, in: reader.layout.names, file: path)
    var texts: [String] = [], names: [String] = []
    let isNamed = file != nil && place != 0 && !table.placesOfNames.isEmpty
    while try reader.next() {
      texts.append(try reader.name(place))
      if isNamed { names.append(try reader.name(0)) }
    }
    if isNamed, let matched = try matched(texts, names, with: table, path) { return matched }
    return try counted(texts, path, table)
  }

  /// The texts by the names of the samples; nil where the first column holds no names of rows.
  private func matched(_ texts: [String], _ names: [String], with table: SampleTable, _ path: String) throws
    -> [String]?
  {
    let places = Dictionary(zip(names, names.indices)) { first, _ in first }
    let own = table.rowNames ?? [], missing = own.filter { places[$0] == nil }
    if missing.isEmpty { return own.compactMap { places[$0].map { texts[$0] } } }
    // Words that come again, or numbers, are no names.
    guard places.count == names.count, names.allSatisfy({ FieldText.kind($0) == .name }) else { return nil }
    throw SampleError.otherRows(file: table.file, missing: missing, table: path, names: names)
  }

  /// Numbers of an array as texts: whole ones without a point.
  private func numbers(of path: String, _ format: any SampleFormat.Type, for table: SampleTable) throws -> [String] {
    guard format != DelimitedText.self else { throw SampleError.columnMissing(file: path) }
    if let array, !format.hasNamedArrays { throw SampleError.arrayNotNamed(file: path, array: array) }
    let found = try format.read(path, array: array)
    guard found.columns == 1 || found.rows == 1 else {
      throw SampleError.wrongShape(
        file: found.file, shape: [found.rows, found.columns], reason: "labels are one number a row")
    }
    return try counted(
      (0..<found.count).map { place in Int(exactly: found[place]).map { "\($0)" } ?? "\(found[place])" }, path, table)
  }

  private func counted(_ texts: [String], _ path: String, _ table: SampleTable) throws -> [String] {
    guard texts.count == table.rows else {
      throw SampleError.rowCounts(file: table.file, rows: table.rows, table: path, tableRows: texts.count)
    }
    return texts
  }
}

extension SampleTable {
  /// The rows by their names; empty where these are numbers or stand there several times.
  fileprivate var placesOfNames: [String: Int] {
    var places: [String: Int] = [:]
    for (row, name) in (rowNames ?? []).enumerated() {
      guard FieldText.kind(name) == .name, places.updateValue(row, forKey: name) == nil else { return [:] }
    }
    return places
  }
}
