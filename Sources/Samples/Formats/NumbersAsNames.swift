/// Whether numbers in the first line of a table are the columns' names: the numbers of columns (pandas), years.
struct NumbersAsNames {
  enum Answer: Equatable { case yes, no, unclear }

  private let names: [Int]
  private let columns: [Column]

  /// What stands below a name.
  private struct Column {
    var least = Double.infinity, most = -Double.infinity
    var allHavePoints = true, anyHasPoint = false, isAscending = true, areYears = true
    /// Whether the name and the two numbers below go up in equal steps.
    var isLinear = false
  }

  static func answer(_ sketch: TableSketch, columns: Range<Int>) -> Answer {
    let first = columns.map { sketch.first[$0] }
    let names = first.compactMap { $0.isWhole && !$0.number.isNaN ? Int($0.number) : nil }
    guard columns.upperBound <= sketch.width, names.count == first.count, Set(names).count == names.count,
      !sketch.rows.isEmpty
    else { return .no }
    return NumbersAsNames(sketch, names, columns).answer
  }

  private init(_ sketch: TableSketch, _ names: [Int], _ range: Range<Int>) {
    self.names = names
    columns = zip(names, range).map { name, index in
      var column = Column(), before = -Double.infinity
      for cell in sketch.below(index) where cell.kind == .number {
        column.least = min(column.least, cell.number)
        column.most = max(column.most, cell.number)
        column.allHavePoints = column.allHavePoints && cell.hasPoint
        column.anyHasPoint = column.anyHasPoint || cell.hasPoint
        column.isAscending = column.isAscending && cell.number >= before
        column.areYears = column.areYears && Self.isYear(cell.number)
        before = cell.number
      }
      let second = sketch.rows[0][index].number, third = sketch.rows.count > 1 ? sketch.rows[1][index].number : .nan
      column.isLinear = third.isNaN ? second == Double(name + names.count) : Double(name) == 2 * second - third
      return column
    }
    rows = sketch.rows.count
  }

  private let rows: Int

  private static func isYear(_ number: Double) -> Bool { (1800...2100).contains(number) && number.rounded() == number }

  private var answer: Answer {
    // The first of equal steps, as in a table that counts on from row to row.
    if columns.allSatisfy(\.isLinear) { return .no }
    let count = names.count, isAscending = zip(names, names.dropFirst()).allSatisfy { $0 < $1 }
    let isCounting = names.indices.allSatisfy { names[$0] == names[0] + $0 }
    let areYears =
      names.allSatisfy { Self.isYear(Double($0)) }
      && (isAscending || zip(names, names.dropFirst()).allSatisfy { $0 > $1 })
    if areYears, columns.allSatisfy(\.areYears) { return .no }
    if count == 1 { return alone(isYear: areYears) }
    if isCounting, names[0] == 0 { return allHavePoints || !isInside || count > 2 && allAreDecimals ? .yes : .unclear }
    if areYears { return allHavePoints || isOutside ? .yes : isInside ? .no : .unclear }
    if isCounting, names[0] == 1 || count > 2 {
      if allHavePoints { return count > 2 ? .yes : rows > 1 ? .unclear : .no }
      return isOutside && count > 3 && !columns.contains(where: \.anyHasPoint) ? .unclear : .no
    }
    return allHavePoints && count * rows > 5 ? .unclear : .no
  }

  /// The answer for a single column.
  private func alone(isYear: Bool) -> Answer {
    guard names[0] == 0 || isYear else { return allHavePoints && rows > 9 ? .unclear : .no }
    if allHavePoints { return rows > 1 ? .unclear : .no }
    return isOutside && rows > 1 && (isYear || !columns[0].isAscending) ? .unclear : .no
  }

  /// Whether all numbers below have points, while the names have none.
  private var allHavePoints: Bool { columns.allSatisfy { $0.allHavePoints && $0.anyHasPoint } }
  private var allAreDecimals: Bool { columns.allSatisfy(\.anyHasPoint) }
  /// Whether each name is a number like those below it.
  private var isInside: Bool {
    zip(names, columns).allSatisfy { name, column in column.least <= Double(name) && Double(name) <= column.most }
  }
  /// Whether none is.
  private var isOutside: Bool {
    zip(names, columns).allSatisfy { name, column in Double(name) < column.least || column.most < Double(name) }
  }
}
