import Parameters

/// What can be wrong with the rows that a deck asks for. The text names the file, the reason and the way out.
package enum SampleError: InputError, Equatable {
  /// A file cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// A file is damaged, cut off or not of the format that its name says.
  case malformed(file: String, reason: String)
  /// Neither the name nor the first bytes belong to a known format.
  case unknownFormat(file: String, known: [String], content: String?)
  /// A file of several arrays has none of this name.
  case noArray(file: String, array: String, available: [String])
  /// A file holds several arrays, and the deck does not say which.
  case arrayNeeded(file: String, available: [String])
  /// An array is named for a format that holds only one, without a name.
  case arrayNotNamed(file: String, array: String)
  /// An array has no rows and columns.
  case wrongShape(file: String, shape: [Int], reason: String)
  /// A value is NaN or infinite, at a row counted from 1 and a column.
  case notFinite(file: String, row: Int, column: String, value: Float)
  /// A value is missing by what its file says of it, at a row counted from 1 and a column.
  case missingValue(file: String, row: Int, column: String, reason: String)
  /// An array is compressed by filters that the HDF5 library lacks.
  case missingFilter(file: String, filters: [String], reason: String)
  /// A text in a table is not a number, at a row counted from 1 and a column.
  case notANumber(file: String, row: Int, column: String, text: String)
  /// A text of a first line that holds numbers, too: a row with a wrong number, or names.
  case wordInFirstLine(file: String, column: String, text: String)
  /// A first line can be a row as well as names.
  case unclearFirstLine(file: String, text: String)
  /// A column without a name, from 1, holds numbers that are no index.
  case unnamedColumn(file: String, number: Int)
  /// A deck asks for a column beyond the last.
  case columnNumber(file: String, number: Int, count: Int)
  /// A deck asks for a column by name where columns have none.
  case namelessColumns(file: String, column: String, count: Int)
  /// A deck names a column of a table of which it says that its columns have no names.
  case noHeader(file: String, column: String)
  /// A deck names a column twice.
  case columnTwice(file: String, column: String)
  /// More rows are asked for than can be addressed.
  case tooManyRows(count: Int, dimension: Int)
  /// No column is left.
  case noColumns(file: String)
  /// `header` is said of a file that is no table of text.
  case headerOfNoTable(file: String)
  /// A table has no column of this name.
  case unknownColumn(file: String, column: String, available: [String])
  /// A name stands over two columns, so that columns cannot be matched by name.
  case duplicateColumn(file: String, column: String)
  /// Two tables with named columns have no name in common.
  case noCommonColumn(file: String, names: [String], other: String, otherNames: [String])
  /// A set's columns have no names although columns are left out of the others by name.
  case unnamedColumns(set: String, file: String)
  /// No row has the value that `where` asks for; some of the column's values are given.
  case noMatch(file: String, column: String?, value: String, some: [String])
  /// `where` names no table, and the rows themselves are not in one.
  case columnNeedsTable(file: String)
  /// The table of `where` has another number of rows than the file.
  case rowCounts(file: String, rows: Int, table: String, tableRows: Int)
  /// The table of `where` or `labels` has no row for some of the samples, by their names.
  case otherRows(file: String, missing: [String], table: String, names: [String])
  /// A table of text is given for labels, but no column of it.
  case columnMissing(file: String)
  /// Columns have names already, or as many names were not given.
  case namesGiven(file: String)
  case nameCount(file: String, columns: Int, names: String, count: Int)
  /// `orientation` is said of a file that is no table or dense array.
  case notTurnable(file: String)
  /// `limit` asks for more rows than there are.
  case tooFewRows(file: String, rows: Int, limit: Int)
  /// The space of `embed` is smaller than the rows.
  case embedding(file: String, columns: Int, dimension: Int)
  /// A sampler's numbers leave the range of float32 in this row, counted from 1.
  case samplerOverflow(sampler: String, row: Int)

  /// One message for people, on one line whatever the file holds.
  package var description: String { oneLine(text, limit: 8000) }

  private var text: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .malformed(let file, let reason): "\(file): \(reason)"
    case .unknownFormat(let file, let known, let content):
      "\(file): unknown format; known are \(list(known)), told apart by the ending of the name"
        + (content.map { "; it is \($0)" } ?? "")
    case .noArray(let file, let array, let available):
      "\(file): has no array '\(array)'\(hint(array, available)); it has \(list(available))"
    case .arrayNeeded(let file, let available):
      available.isEmpty
        ? "\(file): has no array of numbers" : "\(file): say which array with 'array:'; it has \(list(available))"
    case .arrayNotNamed(let file, let array):
      "\(file): a file of this format has no named arrays; leave out 'array: \(array)'"
    case .wrongShape(let file, let shape, let reason): "\(file): the array has shape \(shape): \(reason)"
    case .notFinite(let file, let row, let column, let value):
      "\(file): row \(row), column \(column) is \(value) as float32; remove the row or fill in a finite number"
    case .missingValue(let file, let row, let column, let reason):
      "\(file): row \(row), column \(column) is missing: \(reason); remove the row or fill in a number"
    case .missingFilter(let file, let filters, let reason):
      "\(file): is compressed by the filter \(list(filters)), which the HDF5 library here lacks; save it again with gzip or "
        + "without compression (h5repack -f NONE OLD NEW where the filter is), or set HDF5_PLUGIN_PATH to its folder (\(reason))"
    case .notANumber(let file, let row, let column, let text):
      text.isEmpty
        ? "\(file): row \(row), column \(column) is empty; remove the row or fill in a number"
        : "\(file): row \(row), column \(column) is '\(text)', not a number"
          + (FieldText.repair(text).map { ": \($0)" } ?? "; leave out the column (skip: [...]) or the row")
    case .wordInFirstLine(let file, let column, let text):
      "\(file): row 1, column \(column) is '\(text)', not a number" + (FieldText.repair(text).map { ": \($0)" } ?? "")
        + "; where the first line holds the columns' names, say 'header: true'"
    case .unclearFirstLine(let file, let text):
      "\(file): its first line (\(text)) can be a row or the columns' names; say 'header: true' if it holds names, 'header: "
        + "false' if it is a row"
    case .unnamedColumn(let file, let number):
      "\(file): column \(number) has no name and is no index of the rows; leave it out with 'skip: [\(number)]', or give it a "
        + "name in the first line"
    case .columnNumber(let file, let number, let count):
      "\(file): has \(count) columns, no column \(number); a name that is a number stands in quotes, as '\(number)'"
    case .namelessColumns(let file, let column, let count):
      "\(file): its columns have no names, so there is no '\(column)'; name columns by their numbers, 1 to \(count)"
    case .noHeader(let file, let column):
      "\(file): 'header: false' says that its columns have no names, so there is no '\(column)'"
    case .columnTwice(let file, let column): "\(file): 'columns' and 'skip' name a column once; \(column) comes twice"
    case .tooManyRows(let count, let dimension):
      "\(count) rows of \(dimension) coordinates are over 4 TiB; ask for fewer"
    case .noColumns(let file): "\(file): no column of numbers is left; leave out fewer"
    case .headerOfNoTable(let file): "\(file): 'header' is for .csv and .tsv only; leave it out"
    case .unknownColumn(let file, let column, let available):
      "\(file): has no column '\(column)'\(hint(column, available)); it has \(list(available))"
    case .duplicateColumn(let file, let column):
      "\(file): has several columns '\(column)'; columns are matched by name, so rename all but one"
    case .noCommonColumn(let file, let names, let other, let otherNames):
      "\(file): has no column of a name that \(other) has; it has \(list(names)), the other \(list(otherNames)); rename the "
        + "columns alike, or remove the header to take columns by their number"
    case .unnamedColumns(let set, let file):
      "\(set): its columns have no names, but columns of \(file) are left out by name; give it the same columns with names"
    case .noMatch(let file, let column, let value, let some):
      "\(file): no row has '\(value)'\(column.map { " in column '\($0)'" } ?? "")\(hint(value, some)); there are \(list(some))"
    case .columnNeedsTable(let file):
      "\(file): is not a table with named columns; say in which .csv or .tsv the column stands (where: {file: ...}, "
        + "labels: {file: ...})"
    case .rowCounts(let file, let rows, let table, let tableRows):
      "\(table): has \(tableRows) rows, but \(file) has \(rows); both must have the same rows in the same order"
    case .otherRows(let file, let missing, let table, let names):
      "\(table): has no row for \(missing.count) of the samples of \(file) (\(list(missing))); its first column has \(list(names)). "
        + "Rows are matched by these names; complete the table, or remove its names to take rows in order"
    case .columnMissing(let file): "\(file): is a table of text; say which of its columns with 'column:'"
    case .namesGiven(let file): "\(file): its columns have names of their own; leave out 'names'"
    case .nameCount(let file, let columns, let names, let count):
      "\(names): has \(count) names, but \(file) has \(columns) columns; it needs one a line for each column"
    case .notTurnable(let file):
      "\(file): 'orientation' is for tables of text and dense arrays; write a sparse matrix with samples in rows"
    case .tooFewRows(let file, let rows, let limit):
      "\(file): has \(rows) rows to choose from, fewer than limit \(limit); lower the limit or leave it out"
    case .embedding(let file, let columns, let dimension):
      "\(file): has \(columns) columns, more than embed.dimension \(dimension)"
    case .samplerOverflow(let sampler, let row):
      "sampler \(sampler): row \(row) leaves the range of float32; choose parameters with lighter tails or smaller numbers"
    }
  }
}

private func hint(_ word: String, _ candidates: [String]) -> String {
  nearest(to: String(word.prefix(100)), among: candidates.prefix(100).map { String($0.prefix(100)) })
    .map { " (did you mean '\($0)'?)" } ?? ""
}

/// The first names of a list, in one line.
private func list(_ names: [String]) -> String {
  guard !names.isEmpty else { return "none" }
  return names.prefix(12).map { String($0.prefix(60)) }.joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
}
