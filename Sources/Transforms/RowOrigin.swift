import Parameters
import Samples

/// Where the rows of a block come from, for messages.
struct RowOrigin {
  let table: SharedTable
  /// The first row's index in the table.
  let first: Int

  /// A row of the block, such as `a.csv: row 12 ('P3')`.
  func row(_ index: Int) -> String {
    let row = first + index
    let name = table.rowNames.map { " ('\(oneLine($0[row], limit: 60))')" } ?? ""
    return "\(oneLine(table.file, limit: 4500)): row \(table.place(of: row) + 1)\(name)"
  }

  /// A column by its name or its number from 1.
  func column(_ index: Int) -> String {
    guard let names = table.columnNames, index < names.count else { return "\(index + 1)" }
    return "'\(oneLine(names[index], limit: 60))'"
  }
}
