/// Whether the commas of a table are decimal commas, which cut its numbers in two.
enum DecimalCommas {
  enum Answer: Equatable { case yes, no, unclear }

  /// The answer for a table without names, of which all records are rows.
  static func answer(_ sketch: TableSketch) -> Answer {
    let records = [sketch.first] + sketch.rows, width = sketch.first.count
    guard width > 1, width % 2 == 0, sketch.width == width else { return .no }
    for record in records {
      for (place, cell) in record.enumerated() {
        guard !cell.isQuoted, place % 2 == 0 ? cell.isInteger : cell.isDigits else { return .no }
      }
    }
    let isCut = records.contains { record in
      record.enumerated().contains { place, cell in
        // No one writes -0 and 05 but in front of and behind a decimal comma.
        place % 2 == 0 ? cell.isMinusZero : !cell.isWhole && cell.number < 1e6
      }
    }
    if isCut { return .yes }
    guard width == 2, records.count > 1 else { return .no }
    let isConstant = records.allSatisfy { $0[1].number == records[0][1].number }
    return isConstant || records.allSatisfy { $0[0].number == 0 } ? .unclear : .no
  }

  /// What is wrong with a table without names, whose columns nobody named by their numbers.
  static func error(_ sketch: TableSketch, file: String) -> SampleError? {
    switch answer(sketch) {
    case .no: nil
    case .yes:
      .malformed(
        file: file,
        reason:
          "has decimal commas (\(sketch.start)): numbers need a decimal point; where the commas separate columns, say "
          + "'columns: [1, 2]' with all their numbers")
    case .unclear:
      .malformed(
        file: file,
        reason:
          "can have one column with decimal commas (\(sketch.start)) or two of whole numbers; write decimal points, or say "
          + "'columns: [1, 2]'")
    }
  }

  /// Whether records have twice as many numbers as the first line has names.
  static func areBelow(names: Int, _ sketch: TableSketch) -> Bool {
    sketch.width == 2 * names
      && sketch.rows.allSatisfy { row in
        row.enumerated().allSatisfy { place, cell in place % 2 == 0 ? cell.isInteger : cell.isDigits }
      }
  }
}
