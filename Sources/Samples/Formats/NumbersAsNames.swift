/// Whether a first line of numbers holds the columns' names. It does so in these cases, and is a row in any other:
///
/// 1. The numbers of columns from 0, as pandas writes them: above columns of numbers that all have points or in whose range
///    the name does not lie, or where they are four or more; else, and where two stand above a single row, it is unclear.
/// 2. The numbers of columns from 1 above three or more columns of numbers that all have points.
/// 3. Years in ascending or descending order, where no number below is a year, or where they are three or more in equal steps;
///    it is unclear where less than half of the numbers below are years, or the column is the only one.
/// 4. Other numbers may as well be a row, so it is unclear: above two or more rows four in equal steps, such as wavelengths, or
///    three in whose columns' ranges they do not lie; whole ones above ten or more numbers that all have points.
///
/// Of a single column, a 0 is unclear already where all others have points or none reaches it, and what starts an ascending or
/// descending order is a row. A line from which every column goes on in equal steps is a row in any case.
struct NumbersAsNames {
  enum Answer: Equatable { case yes, no, unclear }

  private let names: [TableSketch.Cell]
  private let columns: [Column]
  private let rows: Int

  /// What stands below a name.
  private struct Column {
    let name: TableSketch.Cell
    let numbers: [TableSketch.Cell]

    /// Whether each number below is written with a point or an exponent.
    var isDecimal: Bool { !numbers.isEmpty && numbers.allSatisfy(\.hasPoint) }
    /// Whether the name is smaller than each number below, or larger.
    var isOutside: Bool {
      numbers.allSatisfy { name.number < $0.number } || numbers.allSatisfy { name.number > $0.number }
    }
    /// Whether the name and the numbers below go on in equal steps; where there is one number below, in this one.
    func goesOn(by step: Double) -> Bool {
      guard numbers.count > 1 else {
        return numbers.allSatisfy { NumbersAsNames.areEqualSteps([name.number, $0.number, $0.number + step]) }
      }
      return NumbersAsNames.areEqualSteps([name.number] + numbers.map(\.number))
    }
  }

  /// The answer for some columns of a table whose first line has numbers above all of them.
  static func answer(_ sketch: TableSketch, columns range: Range<Int>) -> Answer {
    let names = range.map { sketch.first[$0] }
    guard range.upperBound <= sketch.width, !sketch.rows.isEmpty, Set(names.map(\.number)).count == names.count else {
      return .no
    }
    return NumbersAsNames(
      names: names,
      columns: range.map { index in
        Column(name: sketch.first[index], numbers: sketch.below(index).filter(\.number.isFinite))
      }, rows: sketch.rows.count
    ).answer
  }

  private var answer: Answer {
    let count = names.count, areWhole = names.allSatisfy(\.isWhole), areDecimal = columns.allSatisfy(\.isDecimal)
    let step = count > 1 ? (names[1].number - names[0].number) * Double(count) : 1
    if columns.allSatisfy({ $0.goesOn(by: step) }) { return .no }
    if count == 1 { return areWhole ? alone : .no }
    if areWhole, areCounted(from: 0) {
      return count > 3 || count + rows > 3 && columns.allSatisfy { $0.isDecimal || $0.isOutside } ? .yes : .unclear
    }
    if areWhole, areCounted(from: 1), count > 2, areDecimal { return .yes }
    if areWhole, let answer = years { return answer }
    if areWhole, areDecimal, hasMany { return .unclear }
    guard rows > 1 else { return .no }
    let isFar = count > 3 || count > 2 && columns.allSatisfy(\.isOutside)
    return isFar && Self.areEqualSteps(names.map(\.number)) ? .unclear : .no
  }

  /// The answer for a single column, which takes two rows to tell.
  private var alone: Answer {
    let column = columns[0], numbers = column.numbers.map(\.number), all = [column.name.number] + numbers
    guard rows > 1 else { return .no }
    if Self.isYear(column.name.number) { return numbers.contains(where: Self.isYear) ? .no : .unclear }
    let steps = zip(all, all.dropFirst())
    if steps.allSatisfy({ $0 <= $1 }) || steps.allSatisfy({ $0 >= $1 }) { return .no }
    if column.isDecimal { return hasMany || column.name.number == 0 ? .unclear : .no }
    return column.name.number == 0 && column.isOutside ? .unclear : .no
  }

  private var hasMany: Bool { columns.reduce(0) { $0 + $1.numbers.count } >= 10 }

  /// The answer for years; nil where the names are none.
  private var years: Answer? {
    let values = names.map(\.number), steps = zip(values, values.dropFirst())
    guard values.allSatisfy(Self.isYear), steps.allSatisfy({ $0 < $1 }) || steps.allSatisfy({ $0 > $1 }) else {
      return nil
    }
    let numbers = columns.flatMap(\.numbers), below = numbers.count { Self.isYear($0.number) }
    if below == 0 { return .yes }
    if 2 * below >= numbers.count { return .no }
    return values.count > 2 && Self.areEqualSteps(values) ? .yes : .unclear
  }

  private func areCounted(from start: Int) -> Bool {
    names.enumerated().allSatisfy { $1.number == Double(start + $0) }
  }

  private static func isYear(_ number: Double) -> Bool { (1800...2100).contains(number) && number.rounded() == number }

  /// Whether numbers, of which there are at least two, go up or down in steps that differ by no more than rounding.
  private static func areEqualSteps(_ numbers: [Double]) -> Bool {
    let step = numbers[1] - numbers[0], most = numbers.reduce(0) { max($0, abs($1)) }
    guard step.isFinite else { return false }
    return zip(numbers, numbers.dropFirst()).allSatisfy { abs($1 - $0 - step) <= 1e-9 * most }
  }
}
